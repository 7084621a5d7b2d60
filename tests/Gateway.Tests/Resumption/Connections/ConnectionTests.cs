using Gateway.Activities;
using Gateway.Resumption;
using Gateway.Resumption.Connections;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>What configuration may say, and how an engine that is down rests.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("Resume:Connections:prod:Kind must be one of cadence, restate, temporal.", "Kind=tempora")]
    [InlineData("Resume:Connections:prod:Url must be an absolute http or https URL without user information, query and fragment.", "Kind=temporal", "Url=localhost:7243")]
    [InlineData("Resume:Connections:prod:Url must be an absolute http or https URL without user information, query and fragment.", "Kind=restate", "Url=http://u:p@r:8080")]
    [InlineData("Resume:Connections:prod:Concurrency must be a whole number from 1 to 64.", "Kind=restate", "Url=http://r:8080", "Concurrency=0")]
    [InlineData("Resume:Connections:prod:TimeoutSeconds must be a whole number from 1 to 300.", "Kind=restate", "Url=http://r:8080", "TimeoutSeconds=301")]
    [InlineData("Resume:Connections:prod:Token must be visible ASCII characters.", "Kind=restate", "Url=http://r:8080", "Token=a\nb")]
    [InlineData("Resume:Connections:prod:ApiKey must be visible ASCII characters.", "Kind=temporal", "Url=http://t:7243", "ApiKey= ")]
    [InlineData("Resume:Connections:prod:BlobLimitBytes must be a whole number from 1024 to 3145728.", "Kind=temporal", "Url=http://t:7243", "BlobLimitBytes=5000000")]
    [InlineData("Resume:Connections:prod:Transport must be one of http, grpc.", "Kind=temporal", "Url=http://t:7243", "Transport=7")]
    [InlineData("Resume:Connections:prod:DomainId must be the domain's UUID.", "Kind=cadence", "Url=http://c:7833", "Domain=d", "DomainId=d")]
    [InlineData("Resume:Connections:prod:Domain must be the domain's name.", "Kind=cadence", "Url=http://c:7833")]
    [InlineData("Resume:Connections:prod:Tls:CaFile must name a readable PEM file (a certificate with its key in Tls:KeyFile, or in the same file).", "Kind=temporal", "Url=https://t:7243", "Tls:CaFile=/nowhere/ca.pem")]
    [InlineData("Resume:Connections:prod:Tls:CertificateFile must be given with Tls:KeyFile.", "Kind=temporal", "Url=https://t:7243", "Tls:KeyFile=/nowhere/key.pem")]
    public void A_wrong_value_stops_the_gateway_with_one_line_that_names_the_key(string line, params string[] settings)
    {
        var exception = Assert.Throws<StartupException>(() => Registry(settings));

        Assert.Equal(line, exception.Message);
    }

    [Theory]
    [InlineData("Kind=temporal", "Url=http://t:7243", "Namspace=prod")]
    [InlineData("Kind=temporal", "Url=http://t:7243", "Tls:Ca=/x")]
    public void A_misspelt_key_stops_the_gateway(params string[] settings) =>
        Assert.Contains("is no key of a connection", Assert.Throws<StartupException>(() => Registry(settings)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_value_of_the_wrong_form_names_its_key() => Assert.Contains(
        "Resume:Connections:prod:Transport",
        Assert.Throws<InvalidOperationException>(() => Registry("Kind=temporal", "Url=http://t:7243", "Transport=carrier-pigeon")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void An_engine_that_is_down_rests_longer_each_time_and_what_failed_together_counts_once()
    {
        var time = new ManualTime();
        var state = new ConnectionState(time, () => 1);
        var down = new EngineAnswer.Again("connection refused", MayHaveArrived: false, Down: true);
        var rests = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            state.Record(down);
            state.Record(down);
            rests.Add((state.RestsUntil - time.GetUtcNow()).TotalSeconds);
            time.Advance(state.RestsUntil - time.GetUtcNow());
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], rests);
        Assert.Equal(("down", "connection refused"), (state.Status.Status, state.Status.Trouble));
    }

    [Fact]
    public void Any_answer_ends_the_rest_even_one_that_refuses()
    {
        var time = new ManualTime();
        var state = new ConnectionState(time, () => 1);
        state.Record(new EngineAnswer.Again("connection refused", MayHaveArrived: false, Down: true));

        state.Record(new EngineAnswer.Hold("code 7: Request unauthorized."));

        Assert.True(state.RestsUntil <= time.GetUtcNow());
        Assert.Equal(("up", "code 7: Request unauthorized."), (state.Status.Status, state.Status.Trouble));
    }

    [Fact]
    public async Task A_connection_that_configuration_no_longer_names_holds_its_outcomes()
    {
        using var registry = Registry("Kind=restate", "Url=http://r:8080");

        var result = await registry.ResumeAsync(Outcomes.Completed(), new ResumeTarget(ResumeKind.Temporal, "gone"));

        Assert.True(result is ResumeResult.Retry { After: not null }, result.ToString());
    }

    private static ConnectionRegistry Registry(params string[] settings) => TestConnection.Registry(
        new ManualTime(), [.. settings.Select(setting => setting.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);
}
