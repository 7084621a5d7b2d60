using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Http.Errors;
using Microsoft.OpenApi;

namespace Gateway.Http.OpenApi;

/// <summary>The error answers of an operation: one response a status, one example a code.</summary>
internal static class ProblemResponses
{
    public const string SchemaName = "Problem";

    public static OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "An error (RFC 9457). Members beside these depend on the code.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("Path of the page that explains the code."),
            ["title"] = Text("The code in words, the same every time."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = Text("What is wrong this time, what to do, and whether repeating is safe."),
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Stable name of the problem.",
                Enum = [.. ProblemKinds.All.Select(kind => JsonValue.Create(kind.Code))],
            },
            ["traceId"] = Text("Finds the request in the gateway's log."),
            ["errors"] = new OpenApiSchema { Description = "By field (invalid-request), or a list of places (schema-violation, invalid-schema)." },
            ["state"] = Text("How the activity ended."),
            ["closedAt"] = Text("When the activity ended."),
            ["digest"] = Text("sha-256 of the body that won."),
            ["retryAfterSeconds"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "As the Retry-After header." },
        },
    };

    /// <summary>One example a code, shared by all operations.</summary>
    public static void AddExamples(OpenApiDocument document)
    {
        foreach (var kind in ProblemKinds.All)
        {
            document.AddComponent(kind.Code, Example(kind));
        }
    }

    public static void Add(OpenApiOperation operation, OpenApiDocument document, IEnumerable<ProblemKind> kinds)
    {
        operation.Responses ??= [];
        foreach (var status in kinds.GroupBy(kind => kind.Status))
        {
            var key = status.Key.ToString(CultureInfo.InvariantCulture);
            var said = operation.Responses.TryGetValue(key, out var existing) ? existing.Description : null;
            var codes = string.Join(", ", status.Select(kind => $"`{kind.Code}`"));
            operation.Responses[key] = new OpenApiResponse
            {
                Description = $"{said ?? $"{string.Join(". ", status.Select(kind => kind.Title))}."} Codes: {codes}.",
                Headers = status.Any(kind => kind.Repeating is Repeating.Safe && kind.Status is 429 or 503) ? RetryAfter() : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new()
                    {
                        Schema = new OpenApiSchemaReference(SchemaName, document),
                        Examples = status.ToDictionary(kind => kind.Code, IOpenApiExample (kind) => new OpenApiExampleReference(kind.Code, document)),
                    },
                },
            };
        }
    }

    /// <summary>Responses in the order of their status, whoever added them.</summary>
    public static void Sort(OpenApiOperation operation)
    {
        var sorted = (operation.Responses ?? []).OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses = [];
        sorted.ForEach(response => operation.Responses.Add(response.Key, response.Value));
    }

    private static OpenApiExample Example(ProblemKind kind) => new()
    {
        Summary = kind.Title,
        Value = new JsonObject
        {
            ["type"] = kind.Type,
            ["title"] = kind.Title,
            ["status"] = kind.Status,
            ["detail"] = kind.Action,
            ["code"] = kind.Code,
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        },
    };

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
