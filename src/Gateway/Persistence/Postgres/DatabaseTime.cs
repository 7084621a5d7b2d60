using Gateway.Activities;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// The database's clock, which all nodes share: its last reading and what has passed since. The node's own clock is used for
/// how long, never for when, so that one which is set wrong neither expires nor leases anything at the wrong time.
/// </summary>
internal sealed class DatabaseTime(TimeProvider local) : TimeProvider
{
    private volatile Reading? last;

    public override long TimestampFrequency => local.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => last is { } reading ? reading.At + local.GetElapsedTime(reading.Timestamp) : local.GetUtcNow();

    public override long GetTimestamp() => local.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        local.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes a reading in: the clock was read at some moment between asking and hearing, most likely half-way.</summary>
    /// <param name="asked">The timestamp before the question was sent.</param>
    public void Read(long databaseMicroseconds, long asked)
    {
        var heard = local.GetTimestamp();
        last = new Reading(Clock.FromMicroseconds(databaseMicroseconds) + local.GetElapsedTime(asked, heard) / 2, heard);
    }

    private sealed record Reading(DateTimeOffset At, long Timestamp);
}
