using System.IO.Pipelines;
using Microsoft.Extensions.Options;

namespace Gateway.Http.Bodies;

/// <summary>
/// The time a whole body may take, counted from the start of the read. It ends the pending read from within: a read that is
/// cancelled by a token leaves Kestrel's reader in a state in which it cannot drain the rest, and says so as an error.
/// </summary>
internal sealed class BodyDeadline : IDisposable
{
    private readonly Lock gate = new();
    private readonly PipeReader reader;
    private readonly ITimer timer;
    private bool isDone;
    private bool isOver;

    private BodyDeadline(PipeReader reader, TimeProvider time, TimeSpan limit)
    {
        this.reader = reader;
        timer = time.CreateTimer(static state => ((BodyDeadline)state!).End(), this, limit, Timeout.InfiniteTimeSpan);
    }

    public static BodyDeadline Start(HttpContext context)
    {
        var services = context.RequestServices;
        var limit = services.GetRequiredService<IOptions<LimitsOptions>>().Value.BodyTimeout;
        return new BodyDeadline(context.Request.BodyReader, services.GetRequiredService<TimeProvider>(), limit);
    }

    /// <summary>The body is complete; false where the time was over first, and the reader may be marked as cancelled.</summary>
    public bool TryFinish()
    {
        lock (gate)
        {
            isDone = true;
            return !isOver;
        }
    }

    public void Dispose()
    {
        TryFinish();
        timer.Dispose();
    }

    /// <summary>Never after the read is done: the mark would meet the next request of the connection.</summary>
    private void End()
    {
        lock (gate)
        {
            if (!isDone)
            {
                isOver = true;
                reader.CancelPendingRead();
            }
        }
    }
}
