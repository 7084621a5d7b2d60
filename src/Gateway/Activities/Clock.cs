namespace Gateway.Activities;

/// <summary>Times have the precision they are stored with, so that an answer and a later look at the same row agree.</summary>
internal static class Clock
{
    public static DateTimeOffset Now(this TimeProvider time) => FromMicroseconds(ToMicroseconds(time.GetUtcNow()));

    /// <summary>Microseconds since the Unix epoch: the stored form of every time.</summary>
    public static long ToMicroseconds(this DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
