using System.Diagnostics;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// How long a call may wait for a server that does not answer, counted from the moment it was accepted: whoever waited in
/// line has waited already.
/// </summary>
internal readonly struct Patience(long acceptedAt)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Even at the end of the patience a server that is back gets the time to say so.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    public static Patience FromNow => new(Stopwatch.GetTimestamp());

    public TimeSpan Left => Limit - Stopwatch.GetElapsedTime(acceptedAt) is var left && left > Least ? left : Least;

    public bool IsOver => Stopwatch.GetElapsedTime(acceptedAt) >= Limit;

    public static Task PauseAsync() => Task.Delay(BetweenTries);
}
