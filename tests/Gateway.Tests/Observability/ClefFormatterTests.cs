using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Activities;
using Gateway.Observability;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Gateway.Tests.Observability;

public sealed class ClefFormatterTests
{
    [Fact]
    public void Message_and_properties_are_told_exactly()
    {
        var line = Line(logger => logger.Warning(
            "{Text} {Whole} {Big} {Part} {Nothing} {Yes} {Formatted:0.0} {@Structure} {Missing}",
            "a \"quoted\" one", 42, long.MinValue, 0.25, null, true, 1.26, new { Inner = new[] { 1, 2 } }));
        Assert.Equal("Warning", (string?)line["@l"]);
        var rest = "{ Inner: [1, 2] }";
        Assert.Equal($"a \"quoted\" one 42 -9223372036854775808 0.25 null True 1.3 {rest} {{Missing}}", (string?)line["@m"]);
        Assert.Equal("a \"quoted\" one", (string?)line["Text"]);
        Assert.Equal(42, (int?)line["Whole"]);
        Assert.Equal(long.MinValue, (long?)line["Big"]);
        Assert.Equal(0.25, (double?)line["Part"]);
        Assert.True(line.ContainsKey("Nothing") && line["Nothing"] is null);
        Assert.True((bool?)line["Yes"]);
        Assert.Equal("[1,2]", line["Structure"]!["Inner"]!.ToJsonString());
        Assert.EndsWith("Z", (string?)line["@t"], StringComparison.Ordinal);
    }

    [Fact]
    public void Any_character_survives()
    {
        var text = string.Concat(Enumerable.Range(0, 0x250).Select(code => (char)code)) + "\u2028 \ud83d\ude00";
        var line = Line(logger => logger.Information("{Text}", text));
        Assert.Equal(text, (string?)line["Text"]);
        Assert.Equal(text, (string?)line["@m"]);
    }

    [Fact]
    public void A_property_cannot_pose_as_a_member_of_the_format()
    {
        var line = Line(logger => logger.ForContext("@m", "forged").Information("genuine"));
        Assert.Equal(("genuine", "forged"), ((string?)line["@m"], (string?)line["@@m"]));
    }

    [Fact]
    public void Numbers_that_JSON_does_not_know_are_text()
    {
        var line = Line(logger => logger.Information("{Part}", double.NaN));
        Assert.Equal(("NaN", "NaN"), ((string?)line["Part"], (string?)line["@m"]));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("019abcde-0000-7000-8000-000000000001", null)]
    [InlineData("019abcde-0000-7000-8000-000000000001", "already-closed")]
    [InlineData(null, "unknown-token")]
    public void A_requests_line_reads_the_same_by_its_values_and_by_its_properties(string? id, string? problem)
    {
        var byValues = Line(logger => logger.Write(Request(id, problem)));
        var byProperties = Line(logger => logger.Write(Request(id, problem).WithProperties()));
        Assert.Equal(byProperties.ToJsonString(), byValues.ToJsonString());
        var about = $"(activity {id ?? "null"}{(problem is null ? "" : $", problem {problem}")})";
        Assert.Equal($"POST /activities/{{token}}/complete answered 200 in 1.25 ms {about}.", (string?)byValues["@m"]);
        Assert.Equal(("POST", 200, 1.25, id), ((string?)byValues["Method"], (int)byValues["Status"]!, (double)byValues["Milliseconds"]!, (string?)byValues["ActivityId"]));
        Assert.Equal(problem, (string?)byValues["Problem"]);
    }

    [Fact]
    public void A_request_line_that_is_longer_than_most_is_whole()
    {
        var route = $"/{new string('r', 5000)}";
        var line = Line(logger => logger.Write(Request(null, null, route)));
        Assert.Contains(route, (string?)line["@m"], StringComparison.Ordinal);
        Assert.Equal(route, (string?)line["Route"]);
    }

    private static RequestLine Request(string? id, string? problem, string route = "/activities/{token}/complete") =>
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, problem, ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"), default)
        {
            Method = RequestLine.MethodOf("POST"),
            Route = route,
            Status = 200,
            Milliseconds = 1.25,
            ActivityId = id is null ? null : new ActivityId(Guid.Parse(id)),
        };

    private static JsonObject Line(Action<ILogger> log)
    {
        var sink = new Sink();
        using (var logger = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger())
        {
            log(logger);
        }

        return JsonNode.Parse(sink.Text!)!.AsObject();
    }

    private sealed class Sink : ILogEventSink
    {
        public string? Text { get; private set; }

        public void Emit(LogEvent logEvent)
        {
            var line = new ArrayBufferWriter<byte>();
            using var formatter = new ClefFormatter(line);
            formatter.Write(logEvent);
            Text = Encoding.UTF8.GetString(line.WrittenSpan);
        }
    }
}
