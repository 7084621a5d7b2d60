using System.Text;
using System.Threading.Channels;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;

namespace Gateway.Observability;

/// <summary>
/// Log lines on standard output. A thread of its own formats them and writes what waits at once, so that a request neither
/// queues for the console nor pays a system call for its line. Nothing is dropped: who logs faster than the output takes
/// waits.
/// </summary>
internal sealed class StandardOutput : ILogEventSink, IDisposable
{
    private const int MaxWaiting = 10_000;
    private const int BufferSize = 32 * 1024;

    private readonly Channel<LogEvent> waiting = Channel.CreateBounded<LogEvent>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ITextFormatter formatter;
    private readonly Stream output;
    private readonly Thread thread;

    public StandardOutput(ITextFormatter formatter, Stream output)
    {
        (this.formatter, this.output) = (formatter, output);
        thread = new Thread(Run) { Name = "standard output", IsBackground = true };
        thread.Start();
    }

    public void Emit(LogEvent logEvent)
    {
        while (!waiting.Writer.TryWrite(logEvent))
        {
            if (!waiting.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                // Disposed: the process ends.
                return;
            }
        }
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        if (waiting.Writer.TryComplete())
        {
            thread.Join();
        }
    }

    private void Run()
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize) { NewLine = "\n" };
        while (waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            try
            {
                while (waiting.Reader.TryRead(out var logEvent))
                {
                    formatter.Format(logEvent, writer);
                }

                writer.Flush();
            }
            catch (Exception exception)
            {
                // A full disk behind the output must not stop the gateway.
                SelfLog.WriteLine("Log lines could not be written: {0}", exception);
            }
        }
    }
}

/// <summary>Lets <c>Serilog:WriteTo</c> name the sink.</summary>
public static class StandardOutputSettings
{
    /// <summary>Writes one JSON object a line to standard output, in the compact log event format.</summary>
    public static LoggerConfiguration StandardOutput(this LoggerSinkConfiguration sinks) =>
        sinks.Sink(new StandardOutput(new ClefFormatter(), Console.OpenStandardOutput()));
}
