using System.Net;
using Gateway.Activities;
using Gateway.Http.Errors;
using Gateway.JsonSchema;
using Gateway.Persistence;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Http.Errors;

public sealed class ProblemsTests(ProblemsTests.Fixture fixture) : IClassFixture<ProblemsTests.Fixture>
{
    private readonly EdgeHost host = fixture.Host;

    private static readonly DateTimeOffset ClosedAt = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    public static TheoryData<string> Codes => [.. ProblemKinds.All.Select(kind => kind.Code)];

    [Theory]
    [InlineData("/storage", "storage-unavailable", "5")]
    [InlineData("/overloaded", "overloaded", "1")]
    public async Task Broken_infrastructure_says_when_to_come_back(string path, string code, string seconds)
    {
        using var response = await host.Client.GetAsync(path);
        var problem = await response.ShouldBeProblemAsync(code);
        Assert.Equal(seconds, response.Headers.GetValues("Retry-After").Single());
        Assert.Equal(seconds, problem["retryAfterSeconds"]!.ToString());
    }

    [Fact]
    public async Task A_bug_is_a_problem_that_tells_nothing_of_the_inside()
    {
        using var response = await host.Client.GetAsync("/bug");
        var problem = await response.ShouldBeProblemAsync("internal-error");
        Assert.DoesNotContain("secret detail", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_own_refusals_keep_their_status()
    {
        using var response = await host.Client.GetAsync("/refused");
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData(ActivityState.Completed, ClosedBy.Token, "already-closed", true)]
    [InlineData(ActivityState.Failed, ClosedBy.Runner, "already-closed", true)]
    [InlineData(ActivityState.Completed, ClosedBy.Timeout, "already-closed", true)]
    [InlineData(ActivityState.Canceled, ClosedBy.Token, "canceled", true)]
    [InlineData(ActivityState.Canceled, ClosedBy.Superseded, "attempt-superseded", false)]
    [InlineData(ActivityState.TimedOut, ClosedBy.Timeout, "timed-out", false)]
    internal async Task A_closed_activity_says_what_closed_it_and_when(ActivityState state, ClosedBy by, string code, bool hasDigest)
    {
        using var response = await host.Client.GetAsync($"/closed/{(int)state}/{(int)by}");
        var problem = await response.ShouldBeProblemAsync(code);
        Assert.Equal(state.Wire(), (string?)problem["state"]);
        Assert.Equal("2026-05-04T03:02:01.000000Z", (string?)problem["closedAt"]);
        Assert.Equal(hasDigest ? "sha-256=a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=" : null, (string?)problem["digest"]);
    }

    [Theory]
    [InlineData("/nowhere", "not-found")]
    [InlineData("/storage", "storage-unavailable")]
    [InlineData("/health/live", null)]
    public async Task Every_answer_carries_the_headers_that_guard_the_token(string path, string? code)
    {
        using var response = await host.Client.GetAsync(path);
        if (code is not null)
        {
            await response.ShouldBeProblemAsync(code);
        }

        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_violation_is_listed_with_its_places(bool truncated)
    {
        using var response = await host.Client.GetAsync($"/violations/{truncated}");
        var problem = await response.ShouldBeProblemAsync("schema-violation");
        Assert.Equal(
            """[{"instanceLocation":"/amount","keywordLocation":"/properties/amount/minimum","message":"must be at least 1"},{"instanceLocation":"","keywordLocation":"/$ref","absoluteKeywordLocation":"urn:x#/a","message":"no"}]""",
            problem["errors"]!.ToJsonString());
        Assert.Equal(truncated, problem["truncated"] is not null);
    }

    [Fact]
    public async Task A_broken_schema_is_named_with_its_place()
    {
        using var response = await host.Client.GetAsync("/schema");
        var problem = await response.ShouldBeProblemAsync("invalid-schema");
        Assert.StartsWith("returnSchema/type: must be a type name.", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("/type", (string?)problem["errors"]![0]!["schemaLocation"]);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", true)]
    [InlineData("application/*", true)]
    [InlineData("application/json;q=0.1", true)]
    [InlineData("not a media range", true)]
    [InlineData("text/html", false)]
    [InlineData("application/json;q=0, */*", false)]
    [InlineData("application/xml", false)]
    public async Task An_accept_header_that_excludes_json_is_not_acceptable(string accept, bool fits)
    {
        using var response = await host.SendAsync(HttpMethod.Get, "/activities/x", accept: accept);
        if (fits)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        else
        {
            await response.ShouldBeProblemAsync("not-acceptable");
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_problem_has_its_page(string code)
    {
        var kind = ProblemKinds.Find(code)!;
        using var text = await host.Client.GetAsync(kind.Type);
        Assert.Equal("text/plain", text.Content.Headers.ContentType?.MediaType);
        Assert.Contains(kind.Meaning, await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var page = await host.SendAsync(HttpMethod.Get, kind.Type, accept: "text/html,*/*;q=0.8");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"<h1>{WebUtility.HtmlEncode(kind.Title)}</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_index_links_every_page()
    {
        using var page = await host.SendAsync(HttpMethod.Get, "/problems", accept: "text/html");
        var html = await page.Content.ReadAsStringAsync();
        Assert.All(ProblemKinds.All, kind => Assert.Contains($"href=\"{kind.Type}\"", html, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_problem_has_no_page()
    {
        using var response = await host.Client.GetAsync("/problems/nonsense");
        await response.ShouldBeProblemAsync("not-found");
    }

    public sealed class Fixture : EdgeFixture
    {
        internal override Task<EdgeHost> StartAsync() => EdgeHost.StartAsync(app =>
        {
            app.MapGet("/storage", string () => throw new StorageException("SQLite error 13: disk full"));
            app.MapGet("/overloaded", string () => throw new OverloadedException());
            app.MapGet("/refused", string () => throw new BadHttpRequestException("no", 431));
            app.MapGet("/bug", string () => throw new InvalidOperationException("secret detail"));
            app.MapGet("/closed/{state}/{by}", (int state, int by) =>
                Problems.Closed(new Closing((ActivityState)state, ClosedAt, (ClosedBy)by, OutcomeDigest.Of("1"u8))));
            app.MapGet("/activities/{token}", () => "read");
            app.MapGet("/violations/{truncated}", (bool truncated) => Problems.SchemaViolation(
                [new Violation("/amount", "/properties/amount/minimum", null, "must be at least 1"), new Violation("", "/$ref", "urn:x#/a", "no")], truncated));
            app.MapGet("/schema", () => Problems.InvalidSchema([new SchemaError("/type", "must be a type name.")]));
        });
    }
}
