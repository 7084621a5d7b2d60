namespace Gateway.Resumption;

/// <summary>
/// How long to wait after a failed attempt. Pure: chance comes in as a parameter. The ceiling doubles with every attempt and
/// the delay is drawn evenly from zero to it (full jitter), so that entries which failed together do not return together.
/// </summary>
/// <param name="Base">Ceiling after the first attempt.</param>
/// <param name="Cap">No ceiling is higher.</param>
/// <remarks>Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.</remarks>
internal sealed record RetrySchedule(TimeSpan Base, TimeSpan Cap)
{
    /// <summary>Ceilings of 5 s, 10 s, 20 s, … 12 h: sixteen attempts take 17 hours on average and 35 hours at most.</summary>
    public static RetrySchedule Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromHours(12));

    /// <summary>The longest wait a target may ask for: a wrong <c>Retry-After</c> must not park an outcome for a month.</summary>
    public static TimeSpan LongestAsked { get; } = TimeSpan.FromHours(24);

    /// <summary>The wait after <paramref name="attempt"/> failed.</summary>
    /// <param name="attempt">Number of the failed attempt, from 1; any size.</param>
    /// <param name="jitter">From 0 to 1; what lies outside, or is no number, is taken for the nearer end.</param>
    /// <param name="asked">
    /// What the target asked for (<c>Retry-After</c>, RFC 9110 section 10.2.3). It is the least wait, up to
    /// <see cref="LongestAsked"/>: a short one does not overrule the schedule, or an outage that answers
    /// <c>Retry-After: 1</c> would use up every attempt in seconds.
    /// </param>
    public TimeSpan Delay(int attempt, double jitter, TimeSpan? asked = null)
    {
        var share = double.IsNaN(jitter) ? 0 : Math.Clamp(jitter, 0, 1);
        var scheduled = Ceiling(attempt) * share;
        var least = asked is { } wish ? Shorter(wish, LongestAsked) : TimeSpan.Zero;
        return scheduled > least ? scheduled : least;
    }

    private TimeSpan Ceiling(int attempt)
    {
        var doublings = Math.Max(1, attempt) - 1;
        // Compared before it is doubled: the product would overflow long before the attempts do.
        return doublings >= 62 || Base.Ticks > Cap.Ticks >> doublings ? Cap : TimeSpan.FromTicks(Base.Ticks << doublings);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
