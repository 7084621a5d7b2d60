using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Http;

public sealed class ExactRoutingTests(ExactRoutingTests.Fixture fixture) : IClassFixture<ExactRoutingTests.Fixture>
{
    private readonly EdgeHost host = fixture.Host;

    [Theory]
    [InlineData("/activities/abc/complete")]
    [InlineData("/activities/abc/complete?dryRun=true")]
    [InlineData("http://h/activities/abc/complete")]
    public async Task The_exact_path_is_found(string target)
    {
        var answer = await SendAsync("POST", target);
        Assert.Equal((200, "abc"), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("/Activities/abc/complete")]
    [InlineData("/activities/abc/Complete")]
    [InlineData("/activities/abc/complete/")]
    [InlineData("/activities//complete")]
    [InlineData("//activities/abc/complete")]
    [InlineData("/x/../activities/abc/complete")]
    [InlineData("/activities/./abc/complete")]
    [InlineData("/%61ctivities/abc/complete")]
    [InlineData("/activities/%61bc/complete")]
    [InlineData("/activities/abc/complet%65")]
    [InlineData("/activities/abc/completed")]
    public async Task Another_spelling_of_the_path_is_not_found(string target)
    {
        var answer = await SendAsync("POST", target);
        Assert.Equal(404, answer.Status);
        Assert.Contains("\"not-found\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("post")]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Another_method_is_not_allowed_and_told_which_is(string method)
    {
        await using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.WriteAsync($"{method} /activities/abc/complete HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        var answer = await raw.ReadAsync();
        Assert.Equal(405, answer.Status);
        Assert.Equal("POST", answer.Header("Allow"));
    }

    [Theory]
    [InlineData("/Activities/abc/complete")]
    [InlineData("/activities/abc/complete/")]
    public async Task Another_spelling_is_not_found_whatever_the_method(string target)
    {
        var answer = await SendAsync("GET", target);
        Assert.Equal(404, answer.Status);
        Assert.Null(answer.Header("Allow"));
    }

    [Theory]
    [InlineData("order-42", "charge", "order-42|charge")]
    [InlineData("a%2Fb", "c%20d", "a/b|c d")]
    [InlineData("a%252Fb", "%E2%82%AC", "a%2Fb|€")]
    public async Task The_workflows_own_ids_may_be_any_text_and_are_decoded_once(string workflowId, string activityId, string expected)
    {
        var answer = await SendAsync("GET", $"/internal/workflows/{workflowId}/activities/{activityId}");
        Assert.Equal((200, expected), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task The_root_is_a_path_too()
    {
        Assert.Equal(200, (await SendAsync("GET", "/")).Status);
    }

    private Task<RawAnswer> SendAsync(string method, string target) => RawHttp.SendAsync(
        host.Address, $"{method} {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{(method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n");

    public sealed class Fixture : EdgeFixture
    {
        internal override Task<EdgeHost> StartAsync() => EdgeHost.StartAsync(app =>
        {
            app.MapPost("/activities/{token}/complete", (string token) => Results.Text(token));
            app.MapGet("/internal/workflows/{workflowId}/activities/{activityId}", (HttpContext context) =>
                Results.Text($"{context.Request.RouteValues["workflowId"]}|{context.Request.RouteValues["activityId"]}"));
            app.MapGet("/", () => Results.Text("root"));
        });
    }
}
