namespace Gateway.Observability;

/// <summary>What is known of the configured engines, by the names of their connections.</summary>
internal delegate IReadOnlyDictionary<string, ConnectionHealth> ConnectionsReport();

/// <summary>How a configured engine is.</summary>
/// <param name="Kind"><c>temporal</c>, <c>cadence</c> or <c>restate</c>.</param>
/// <param name="Status"><c>up</c>, <c>down</c>, or <c>unknown</c> before its first answer.</param>
/// <param name="Since">Since when.</param>
/// <param name="Trouble">True when the last call did not succeed; deliveries say why.</param>
public sealed record ConnectionHealth(string Kind, string Status, DateTimeOffset Since, bool Trouble);
