using Gateway.Activities;
using Gateway.Http;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Http;

public sealed class TaskTokenReaderTests(TaskTokenReaderTests.Fixture fixture) : IClassFixture<TaskTokenReaderTests.Fixture>
{
    private readonly EdgeHost host = fixture.Host;
    private readonly ManualTime time = fixture.Time;

    [Fact]
    public async Task A_token_is_read_from_the_path_or_from_the_header()
    {
        var (id, token) = Issue(Capabilities.All);
        using var inPath = await host.SendAsync(HttpMethod.Post, $"/activities/{token}/complete");
        using var inHeader = await host.SendAsync(HttpMethod.Post, "/activities/complete", bearer: token);
        Assert.Equal(id.ToString(), await inPath.Content.ReadAsStringAsync());
        Assert.Equal(id.ToString(), await inHeader.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_token_in_both_places_is_refused()
    {
        var (_, token) = Issue(Capabilities.All);
        using var response = await host.SendAsync(HttpMethod.Post, $"/activities/{token}/complete", bearer: token);
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.NotNull(problem["errors"]!["authorization"]);
    }

    [Fact]
    public async Task Two_headers_are_refused()
    {
        var (_, token) = Issue(Capabilities.All);
        var answer = await RawHttp.SendAsync(host.Address,
            $"POST /activities/complete HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nAuthorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain(token, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_forged_and_foreign_tokens_answer_alike()
    {
        var (_, token) = Issue(Capabilities.All);
        var foreign = new TokenKeyRing([new TokenKey(1, new byte[TokenKey.SecretSize])])
            .Issue(new TaskToken(ActivityId.New(time.GetUtcNow()), Capabilities.All, 0, null));
        string[] wrong = [token[..^1], token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), foreign, "x", token + "A"];
        var details = new HashSet<string?>();
        foreach (var text in wrong)
        {
            using var inPath = await host.SendAsync(HttpMethod.Post, $"/activities/{text}/complete");
            using var inHeader = await host.SendAsync(HttpMethod.Post, "/activities/complete", bearer: text);
            details.Add((string?)(await inPath.ShouldBeProblemAsync("unknown-token"))["detail"]);
            details.Add((string?)(await inHeader.ShouldBeProblemAsync("unknown-token"))["detail"]);
        }

        Assert.Single(details);
    }

    [Fact]
    public async Task A_missing_token_is_asked_for()
    {
        using var response = await host.SendAsync(HttpMethod.Post, "/activities/complete");
        await response.ShouldBeProblemAsync("unauthenticated");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_token_without_the_capability_is_told_which_one()
    {
        var (_, token) = Issue(Capabilities.Read | Capabilities.Heartbeat);
        using var response = await host.SendAsync(HttpMethod.Post, $"/activities/{token}/complete");
        var problem = await response.ShouldBeProblemAsync("capability-missing");
        Assert.Contains("complete", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_token_can_never_succeed()
    {
        var end = TokenKeyRing.RoundUpToMinute(time.GetUtcNow() + TimeSpan.FromMinutes(1));
        var (_, token) = Issue(Capabilities.All, end);
        using var inTime = await host.SendAsync(HttpMethod.Post, $"/activities/{token}/complete");
        Assert.True(inTime.IsSuccessStatusCode);
        time.Advance(end - time.GetUtcNow());
        using var late = await host.SendAsync(HttpMethod.Post, $"/activities/{token}/complete");
        await late.ShouldBeProblemAsync("token-expired");
    }

    private (ActivityId Id, string Token) Issue(Capabilities capabilities, DateTimeOffset? expiresAt = null)
    {
        var id = ActivityId.New(time.GetUtcNow());
        return (id, EdgeHost.Tokens.Issue(new TaskToken(id, capabilities, 0, expiresAt)));
    }

    public sealed class Fixture : EdgeFixture
    {
        internal ManualTime Time { get; } = new();

        internal override Task<EdgeHost> StartAsync() => EdgeHost.StartAsync(
            app =>
            {
                app.MapPost("/activities/{token}/complete", Answer);
                app.MapPost("/activities/complete", Answer);

                IResult Answer(HttpContext context) =>
                    TaskTokenReader.Read(context, EdgeHost.Tokens, Capabilities.Complete, Time.GetUtcNow()) switch
                    {
                        TokenRead.Genuine genuine => Results.Text(genuine.Token.ActivityId.ToString()),
                        TokenRead.Refused refused => refused.Problem,
                        _ => throw new InvalidOperationException(),
                    };
            },
            time: Time);
    }
}
