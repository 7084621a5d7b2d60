using System.Buffers;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace Gateway.Observability;

/// <summary>
/// Log lines on standard output. A thread of its own formats them and writes what came together at once, a hundred times a
/// second at most, so that a request neither queues for the console nor pays for its line with a system call or a thread's
/// waking. Nothing is dropped: who logs faster than the output takes waits.
/// </summary>
internal sealed class StandardOutput : ILogEventSink, IDisposable
{
    private const int MaxWaiting = 10_000;
    private const int MostAtOnce = 64 * 1024;

    /// <summary>A line is seen this much later, and lost by a <c>kill -9</c> within it.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly ArrayBufferWriter<byte> lines = new();
    private readonly Stream output;
    private readonly Thread thread;

    // Events of the kernel: the others spin before they wait, on the cores that requests need.
    private readonly AutoResetEvent first = new(false);
    private readonly AutoResetEvent enough = new(false);
    private readonly ManualResetEvent room = new(true);
    private List<LogEvent> waiting = [];
    private List<LogEvent> taken = [];
    private bool ended;

    public StandardOutput(Stream output)
    {
        this.output = output;
        thread = new Thread(Run) { Name = "standard output", IsBackground = true };
        thread.Start();
    }

    public void Emit(LogEvent logEvent)
    {
        while (!TryAdd(logEvent))
        {
            room.WaitOne();
        }
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            room.Set();
            enough.Set();
            first.Set();
        }

        thread.Join();
    }

    private bool TryAdd(LogEvent logEvent)
    {
        lock (gate)
        {
            if (ended)
            {
                // The process ends.
                return true;
            }

            if (waiting.Count >= MaxWaiting)
            {
                room.Reset();
                enough.Set();
                return false;
            }

            waiting.Add(logEvent);
            if (waiting.Count == 1)
            {
                first.Set();
            }

            return true;
        }
    }

    private void Run()
    {
        using var formatter = new ClefFormatter(lines);
        bool last;
        do
        {
            first.WaitOne();
            enough.WaitOne(Gathering);
            last = Take();
            Write(formatter);
        }
        while (!last);
    }

    /// <summary>Takes what waits; whether nothing will come after it.</summary>
    private bool Take()
    {
        lock (gate)
        {
            (waiting, taken) = (taken, waiting);
            room.Set();
            return ended;
        }
    }

    private void Write(ClefFormatter formatter)
    {
        var next = 0;
        do
        {
            try
            {
                while (next < taken.Count && lines.WrittenCount < MostAtOnce)
                {
                    formatter.Write(taken[next++]);
                }

                output.Write(lines.WrittenSpan);
                output.Flush();
            }
            catch (Exception exception)
            {
                // A full disk behind the output must not stop the gateway.
                SelfLog.WriteLine("Log lines could not be written: {0}", exception);
            }

            lines.ResetWrittenCount();
        }
        while (next < taken.Count);

        taken.Clear();
    }
}

/// <summary>Lets <c>Serilog:WriteTo</c> name the sink.</summary>
public static class StandardOutputSettings
{
    /// <summary>Writes one JSON object a line to standard output, in the compact log event format.</summary>
    public static LoggerConfiguration StandardOutput(this LoggerSinkConfiguration sinks) =>
        sinks.Sink(new StandardOutput(Console.OpenStandardOutput()));
}
