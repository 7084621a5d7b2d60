using System.Text.Json.Nodes;
using Gateway.Completion;
using Gateway.Deliveries;
using Gateway.Http.Errors;
using Gateway.Http.OpenApi;
using Gateway.Persistence;
using Gateway.Registration;
using Gateway.Resumption.Pull;
using Gateway.Schemas;
using Gateway.Tests.Support;

namespace Gateway.Tests.Http.OpenApi;

public sealed class ApiDocumentTests(ApiDocumentTests.Fixture fixture) : IClassFixture<ApiDocumentTests.Fixture>
{
    private readonly EdgeHost host = fixture.Host;
    private readonly JsonObject document = fixture.Document;

    [Fact]
    public void The_document_is_openapi_3_1_with_both_credentials()
    {
        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        Assert.Equal(["ApiKey", "TaskToken"], document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key).Order());
    }

    [Theory]
    [InlineData("get", "/activities/{token}", null)]
    [InlineData("post", "/activities/{token}/complete", null)]
    [InlineData("post", "/activities/{token}/fail", null)]
    [InlineData("post", "/activities/{token}/heartbeat", null)]
    [InlineData("post", "/activities/{token}/cancel", null)]
    [InlineData("post", "/activities/complete", "TaskToken")]
    [InlineData("post", "/internal/activities", "ApiKey")]
    [InlineData("post", "/internal/activities/batch", "ApiKey")]
    [InlineData("get", "/internal/activities", "ApiKey")]
    [InlineData("get", "/internal/activities/{id}", "ApiKey")]
    [InlineData("get", "/internal/activities/{id}/outcome", "ApiKey")]
    [InlineData("post", "/internal/activities/{id}/cancel", "ApiKey")]
    [InlineData("post", "/internal/activities/{id}/tokens", "ApiKey")]
    [InlineData("post", "/internal/activities/{id}/complete", "ApiKey")]
    [InlineData("post", "/internal/workflows/{workflowId}/activities/{activityId}/fail", "ApiKey")]
    [InlineData("post", "/internal/outcomes/lease", "ApiKey")]
    [InlineData("post", "/internal/outcomes/acknowledge", "ApiKey")]
    [InlineData("post", "/internal/outcomes/release", "ApiKey")]
    [InlineData("get", "/internal/deliveries", "ApiKey")]
    [InlineData("post", "/internal/deliveries/{activityId}/redeliver", "ApiKey")]
    [InlineData("post", "/internal/deliveries/redeliver", "ApiKey")]
    public void Every_call_of_the_contract_is_described_with_its_credential(string method, string path, string? scheme)
    {
        var operation = document["paths"]![path]![method]!;
        Assert.NotEmpty((string?)operation["summary"] ?? "");
        Assert.NotEmpty((string?)operation["operationId"] ?? "");
        Assert.Equal(scheme, operation["security"]?[0]?.AsObject().Single().Key);
    }

    [Fact]
    public void Operations_have_names_of_their_own_parameters_for_their_paths_and_sorted_answers()
    {
        var operations = Operations().ToList();
        Assert.Equal(operations.Count, operations.Select(one => (string?)one.Operation["operationId"]).Distinct().Count());
        Assert.All(operations, one =>
        {
            var declared = one.Operation["parameters"]?.AsArray().Where(parameter => (string?)parameter!["in"] == "path")
                .Select(parameter => (string?)parameter!["name"]) ?? [];
            var needed = one.Path.Split('/').Where(step => step.StartsWith('{')).Select(step => step.Trim('{', '}'));
            Assert.Equal(needed.Order(), declared.Order());
            var statuses = one.Operation["responses"]!.AsObject().Select(answer => answer.Key).ToList();
            Assert.Equal(statuses.Order(), statuses);
        });
    }

    [Fact]
    public void Every_body_has_an_example_and_says_that_it_may_be_refused()
    {
        var withBody = Operations().Where(one => one.Operation["requestBody"] is not null).ToList();
        Assert.Equal(22, withBody.Count);
        Assert.All(withBody, one =>
        {
            Assert.NotNull(one.Operation["requestBody"]!["content"]!["application/json"]!["example"]);
            Assert.All(new[] { "400", "408", "413", "415", "503" }, status => Assert.NotNull(one.Operation["responses"]![status]));
        });
    }

    [Fact]
    public void Every_problem_is_an_example_in_the_document()
    {
        var examples = document["components"]!["examples"]!.AsObject().Select(example => example.Key).Order();
        Assert.Equal(ProblemKinds.All.Select(kind => kind.Code).Order(), examples);
    }

    [Fact]
    public async Task The_document_is_made_once_and_still_carries_the_headers_of_every_answer()
    {
        using var first = await host.Client.GetAsync(OpenApiModule.DocumentPath);
        using var second = await host.Client.GetAsync(OpenApiModule.DocumentPath);
        Assert.True(second.Headers.Contains("Age"));
        Assert.Equal("no-store", second.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", second.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Swagger_ui_comes_whole_from_the_process()
    {
        var page = await host.Client.GetStringAsync("/swagger/index.html");
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        foreach (var asset in new[] { "swagger-ui-bundle.js", "swagger-ui.css", "index.js" })
        {
            Assert.Contains(asset, page, StringComparison.Ordinal);
            Assert.NotEmpty(await host.Client.GetByteArrayAsync($"/swagger/{asset}"));
        }

        Assert.Contains(OpenApiModule.DocumentPath, await host.Client.GetStringAsync("/swagger/index.js"), StringComparison.Ordinal);
    }

    private IEnumerable<(string Path, JsonNode Operation)> Operations() =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Value!);

    public sealed class Fixture : EdgeFixture
    {
        public JsonObject Document { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            Document = JsonNode.Parse(await Host.Client.GetStringAsync(OpenApiModule.DocumentPath))!.AsObject();
        }

        internal override Task<EdgeHost> StartAsync() => EdgeHost.StartAsync(
                app =>
                {
                    app.MapCallbacks();
                    app.MapRunnerApi();
                },
                configure: builder =>
                {
                    // Never opened: the document asks only which parameters are services.
                    builder.Services.AddPersistence();
                    builder.Services.AddReturnSchemas();
                    builder.Services.AddRegistration();
                    builder.Services.AddCompletion();
                    builder.Services.AddPull();
                    builder.Services.AddDeliveries();
                });
    }
}
