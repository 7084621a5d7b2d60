namespace Gateway.JsonSchema.Patterns.Linear;

/// <summary>
/// Decides one look-around for every place of a string in a single scan: look-behind forwards, with a match ending at the place;
/// look-ahead backwards, with the reversed body ending at the place.
/// </summary>
internal sealed record LookScan(LazyAutomaton Automaton, bool Backward);
