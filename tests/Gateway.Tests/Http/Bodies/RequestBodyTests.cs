using System.Net;
using System.Text;
using Gateway.Http.Bodies;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Http.Bodies;

public sealed class RequestBodyTests(RequestBodyTests.Fixture fixture) : IClassFixture<RequestBodyTests.Fixture>
{
    private readonly EdgeHost host = fixture.Host;
    private readonly ManualTime time = fixture.Time;

    private const int Limit = 200_000;

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData(" {\"amount\": 0.10, \"big\":12345678901234567890, \"e\":1e400}\n")]
    public async Task A_body_arrives_byte_for_byte(string body)
    {
        using var response = await host.Client.PostAsync("/echo", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(Limit)]
    [InlineData(70_000)]
    public async Task A_body_up_to_the_limit_arrives_with_and_without_a_declared_length(int size)
    {
        var bytes = Enumerable.Range(0, size).Select(index => (byte)(index * 31)).ToArray();
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(bytes) };
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await host.Client.SendAsync(request);
            Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task A_declared_length_over_the_limit_is_refused_before_the_body_is_sent()
    {
        await using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.WriteAsync($"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: {Limit + 1}\r\n\r\n");
        var answer = await raw.ReadAsync();
        Assert.Equal(413, answer.Status);
        Assert.Contains("payload-too-large", answer.Body, StringComparison.Ordinal);
        Assert.Equal("close", answer.Header("Connection"));
    }

    [Fact]
    public async Task A_chunked_body_over_the_limit_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(new byte[Limit + 1]) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await host.Client.SendAsync(request);
        var problem = await response.ShouldBeProblemAsync("payload-too-large");
        Assert.Equal(Limit, (int?)problem["limit"]);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\n[1,")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n")]
    public async Task A_body_that_does_not_arrive_in_time_ends_with_408_and_the_connection(string rest)
    {
        await using var raw = await RawHttp.ConnectAsync(host.Address);
        var armed = time.WhenArmed(due => due == TimeSpan.FromSeconds(15));
        await raw.WriteAsync($"POST /echo HTTP/1.1\r\nHost: h\r\n{rest}");
        await armed;
        time.Advance(TimeSpan.FromSeconds(15));
        var answer = await raw.ReadAsync();
        Assert.Equal(408, answer.Status);
        Assert.Contains("request-timeout", answer.Body, StringComparison.Ordinal);
        Assert.Equal("close", answer.Header("Connection"));
    }

    [Fact]
    public async Task A_broken_chunk_is_a_problem_and_ends_the_connection()
    {
        await using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.WriteAsync("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[1]\r\n0\r\n\r\n");
        var answer = await raw.ReadAsync();
        Assert.Equal(400, answer.Status);
        Assert.Contains("invalid-request", answer.Body, StringComparison.Ordinal);
        Assert.True(await raw.IsClosedAsync());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("application/json; profile=x")]
    [InlineData("application/cloudevents+json")]
    [InlineData(null)]
    public async Task Json_in_utf8_is_accepted(string? contentType) => Assert.Equal(HttpStatusCode.OK, (await PostAsync(contentType)).StatusCode);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/jsonx")]
    [InlineData("application/+json")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    public async Task Any_other_content_type_is_refused(string contentType) =>
        await (await PostAsync(contentType)).ShouldBeProblemAsync("unsupported-media-type");

    [Fact]
    public async Task The_default_of_curl_is_refused_with_what_to_add()
    {
        var problem = await (await PostAsync("application/x-www-form-urlencoded")).ShouldBeProblemAsync("unsupported-media-type");
        Assert.Contains("add -H 'Content-Type: application/json'", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task Any_content_encoding_is_refused(string encoding)
    {
        using var content = new StringContent("1", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await host.Client.PostAsync("/echo", content);
        await response.ShouldBeProblemAsync("unsupported-media-type");
    }

    private async Task<HttpResponseMessage> PostAsync(string? contentType)
    {
        using var content = new ByteArrayContent("1"u8.ToArray());
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return await host.Client.PostAsync("/echo", content);
    }

    public sealed class Fixture : EdgeFixture
    {
        internal ManualTime Time { get; } = new();

        internal override Task<EdgeHost> StartAsync() => EdgeHost.StartAsync(
            app => app.MapPost("/echo", async (HttpContext context) =>
            {
                var read = await RequestBody.ReadAsync(context, Limit);
                if (read is BodyRead.Refused refused)
                {
                    return (IResult)refused.Problem;
                }

                using var body = ((BodyRead.Received)read).Body;
                return Results.Bytes(body.Bytes.ToArray());
            }),
            time: Time);
    }
}
