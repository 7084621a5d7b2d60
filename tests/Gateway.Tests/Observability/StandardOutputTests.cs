using Gateway.Observability;
using Serilog;

namespace Gateway.Tests.Observability;

public sealed class StandardOutputTests
{
    [Fact]
    public void Every_line_is_written_whole_and_in_order_before_the_end()
    {
        using var output = new MemoryStream();
        using (var logger = new LoggerConfiguration().WriteTo.Sink(new StandardOutput(output)).CreateLogger())
        {
            for (var i = 0; i < 25_000; i++)
            {
                logger.Information("line {Number}", i);
            }
        }

        var lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(25_000, lines.Length);
        Assert.All(lines.Select((line, number) => (line, number)), each => Assert.Contains($"\"Number\":{each.number}}}", each.line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_output_that_refuses_a_write_gets_the_lines_after_it()
    {
        using var output = new Refusing();
        using var logger = new LoggerConfiguration().WriteTo.Sink(new StandardOutput(output)).CreateLogger();
        logger.Information("first");
        await output.Refused.Task;
        logger.Information("second");
        Assert.Contains("second", await output.Taken.Task, StringComparison.Ordinal);
    }

    private sealed class Refusing : MemoryStream
    {
        public TaskCompletionSource Refused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Refused.TrySetResult())
            {
                throw new IOException("No space left on device");
            }

            Taken.TrySetResult(System.Text.Encoding.UTF8.GetString(buffer));
        }
    }
}
