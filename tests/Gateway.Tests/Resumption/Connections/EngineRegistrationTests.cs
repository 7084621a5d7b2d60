using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Resumption.Temporal;
using Gateway.Tests.Support;

namespace Gateway.Tests.Resumption.Connections;

/// <summary>What a registration that names an engine must say. Nothing here is ever delivered, so one gateway serves all.</summary>
public sealed class EngineRegistrationTests(EngineRegistrationTests.Fixture fixture) : IClassFixture<EngineRegistrationTests.Fixture>
{
    [Theory]
    [InlineData("""{"kind":"temporal","connection":"nowhere","taskToken":"$TOKEN"}""", "resume.connection", "names no configured connection")]
    [InlineData("""{"kind":"temporal","connection":"pay","taskToken":"$TOKEN"}""", "resume.connection", "is a connection of kind cadence, not temporal")]
    [InlineData("""{"kind":"temporal","taskToken":"$TOKEN"}""", "resume.connection", "is required: the name of a configured connection")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":"AAAA"}""", "resume.taskToken", "must be the base64 text of a Temporal task token")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":""}""", "resume.taskToken", "must be the base64 text of a Temporal task token")]
    [InlineData("""{"kind":"temporal","connection":"prod","workflowId":"w"}""", "resume.activityId", "is required where there is no taskToken")]
    [InlineData("""{"kind":"temporal","connection":"prod","activityId":"a"}""", "resume.workflowId", "is required where there is no taskToken")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":"$TOKEN","runId":"r"}""", "resume.runId", "must be left out: the task token says it")]
    [InlineData("""{"kind":"temporal","connection":"prod","workflowId":"w","activityId":"a/b"}""", "resume.activityId", "must not hold '/': Temporal's HTTP API cannot address it; use a task token, or a connection over gRPC")]
    [InlineData("""{"kind":"temporal","connection":"prod","workflowId":"w\u0007","activityId":"a"}""", "resume.workflowId", "must be at most 1000 characters without control characters")]
    [InlineData("""{"kind":"temporal","connection":"prod","taskToken":"$TOKEN","queue":"q"}""", "resume.queue", "belongs to kind pull")]
    [InlineData("""{"kind":"cadence","connection":"pay","taskToken":"$TOKEN"}""", "resume.taskToken", "must be the base64 text of a Cadence task token")]
    [InlineData("""{"kind":"cadence","connection":"pay","workflowId":"w","activityId":"a","failureReason":"cadenceInternal:Panic"}""", "resume.failureReason", "must be 1 to 1000 characters and not begin with cadenceInternal:")]
    [InlineData("""{"kind":"restate","connection":"wait","awakeableId":"prom_1!"}""", "resume.awakeableId", "must be an awakeable id: prom_1… or sign_1… as ctx.awakeable() gives it")]
    [InlineData("""{"kind":"restate","connection":"wait"}""", "resume.awakeableId", "is required")]
    [InlineData("""{"kind":"pull","connection":"prod"}""", "resume.connection", "belongs to kind temporal, cadence, restate")]
    public async Task A_target_that_cannot_work_is_refused_at_registration_and_named(string resume, string field, string message)
    {
        using var response = await fixture.Gateway.Runner.PostAsync(
            "/internal/activities",
            GatewayApp.Json($$"""{"workflowId":"w","activityId":"a","resume":{{resume.Replace("$TOKEN", TemporalVectorsTests.Token, StringComparison.Ordinal)}}}"""));

        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (response.StatusCode, (string?)problem["code"]));
        Assert.Equal([message], problem["errors"]![field]!.AsArray().Select(text => (string?)text));
    }

    [Fact]
    public async Task A_result_for_the_deadline_over_the_engines_limit_is_refused_at_registration()
    {
        using var response = await fixture.Gateway.Runner.PostAsync("/internal/activities", GatewayApp.Json(
            $$"""{"workflowId":"w","activityId":"a","onTimeout":{"result":"{{new string('x', 4096)}}" },"resume":{"kind":"temporal","connection":"prod","workflowId":"w","activityId":"a"} }"""));

        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull(problem["errors"]!["onTimeout.result"]);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private FakeTemporal temporal = null!;

        internal GatewayApp Gateway { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            temporal = await FakeTemporal.StartAsync();
            Gateway = GatewayApp.Start(EngineSettings.For(temporal));
        }

        public async Task DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await temporal.DisposeAsync();
        }
    }
}
