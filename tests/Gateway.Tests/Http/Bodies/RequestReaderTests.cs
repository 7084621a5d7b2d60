using System.Text;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.Http.Bodies;
using Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Http.Bodies;

public sealed class RequestReaderTests(RequestReaderTests.Fixture fixture) : IClassFixture<RequestReaderTests.Fixture>
{
    private readonly EdgeHost host = fixture.Host;

    [Fact]
    public async Task A_valid_document_is_bound()
    {
        using var response = await PostAsync("""{"name":"a","until":"2026-01-31T13:00:00+01:00","inner":{"count":3}}""");
        Assert.Equal(
            """{"name":"a","count":0,"until":"2026-01-31T12:00:00.000000Z","labels":null,"inner":{"count":3}}""",
            await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"name":1}""", "name", "must be a string")]
    [InlineData("""{"name":"a","count":"1"}""", "count", "must be an integer in range")]
    [InlineData("""{"name":"a","count":1.5}""", "count", "must be an integer in range")]
    [InlineData("""{"name":"a","count":99999999999}""", "count", "must be an integer in range")]
    [InlineData("""{"name":"a","inner":{"count":true}}""", "inner.count", "must be an integer in range")]
    [InlineData("""{"name":"a","inner":[]}""", "inner", "must be an object")]
    [InlineData("""{"name":"a","labels":{"x y":7}}""", "labels.x y", "must be a string")]
    [InlineData("""{"name":"a","until":"tomorrow"}""", "until", "must be a time in RFC 3339 UTC, such as 2026-01-31T12:00:00Z")]
    [InlineData("""{"name":"a","until":"2026-01-31T12:00:00"}""", "until", "must be a time in RFC 3339 UTC, such as 2026-01-31T12:00:00Z")]
    [InlineData("""{"name":"a","nmae":"b"}""", "nmae", "is not a field of this document")]
    [InlineData("""{"name":"a","inner":{"cuont":1}}""", "inner.cuont", "is not a field of this document")]
    [InlineData("[]", "body", "must be an object")]
    [InlineData("null", "body", "must be a JSON object")]
    [InlineData("""{"name":""}""", "name", "must not be empty")]
    [InlineData("""{"name":"a","inner":{"count":-1}}""", "inner.count", "must not be negative")]
    public async Task What_is_wrong_is_named_by_field(string body, string field, string message)
    {
        using var response = await PostAsync(body);
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        var error = Assert.Single(problem["errors"]!.AsObject());
        Assert.Equal((field, message), (error.Key, (string?)error.Value![0]));
        Assert.StartsWith($"{field}: {message}", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_findings_of_the_validator_come_at_once()
    {
        using var response = await PostAsync("""{"inner":{"count":-1}}""");
        var problem = await response.ShouldBeProblemAsync("invalid-request");
        Assert.Equal(["inner.count", "name"], problem["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Theory]
    [InlineData("{\"name\":", 8)]
    [InlineData("", 0)]
    [InlineData("{\"name\":\"a\",\"n\\u0061me\":\"b\"}", 25)]
    [InlineData("{\"name\":\"\\ud800\"}", 9)]
    [InlineData("{\"name\":\"a\"} x", 13)]
    public async Task What_is_not_one_json_value_is_refused_with_its_place(string body, int position)
    {
        using var response = await PostAsync(body);
        var problem = await response.ShouldBeProblemAsync("malformed-json");
        Assert.InRange((int)problem["bytePosition"]!, position - 1, position + 1);
    }

    [Fact]
    public async Task A_byte_order_mark_is_skipped()
    {
        using var response = await PostAsync("\uFEFF{\"name\":\"a\"}");
        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_document_over_its_limit_is_refused()
    {
        using var response = await PostAsync("{\"name\":\"" + new string('a', 2048) + "\"}");
        await response.ShouldBeProblemAsync("payload-too-large");
    }

    private Task<HttpResponseMessage> PostAsync(string body) =>
        host.Client.PostAsync("/read", new StringContent(body, Encoding.UTF8, "application/json"));

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Sample(
        string? Name = null, int Count = 0, DateTimeOffset? Until = null, IReadOnlyDictionary<string, string>? Labels = null, Inner? Inner = null);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Inner(int Count = 0);

    private sealed class SampleValidator : AbstractValidator<Sample>
    {
        public SampleValidator()
        {
            RuleFor(sample => sample.Name).NotEmpty().WithMessage("must not be empty");
            RuleFor(sample => sample.Inner!.Count).GreaterThanOrEqualTo(0).WithMessage("must not be negative").When(sample => sample.Inner is not null);
        }
    }

    public sealed class Fixture : EdgeFixture
    {
        internal override Task<EdgeHost> StartAsync() => EdgeHost.StartAsync(
            app => app.MapPost("/read", async (HttpContext context) => await RequestReader.ReadAsync<Sample>(context) switch
            {
                RequestRead<Sample>.Accepted accepted => (IResult)TypedResults.Ok(accepted.Request),
                RequestRead<Sample>.Refused refused => refused.Problem,
                _ => throw new InvalidOperationException(),
            }),
            new Dictionary<string, string?> { ["Limits:MaxRegistrationBytes"] = "2048" },
            builder => builder.Services.AddSingleton<IValidator<Sample>, SampleValidator>());
    }
}
