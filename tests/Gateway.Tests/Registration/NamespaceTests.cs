using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Registration;

/// <summary>A key of one namespace sees, leases and settles nothing of another.</summary>
public abstract class NamespaceTests(Store store) : IDisposable
{
    private readonly GatewayApp app = GatewayApp.Start(store: store, settings: Keys(("all", "*"), ("red", "red"), ("blue", "blue")));

    public void Dispose() => app.Dispose();

    [StoreFact]
    public async Task Another_namespaces_activity_does_not_exist_for_a_key()
    {
        using var red = app.Client("red");
        using var blue = app.Client("blue");
        using var registered = await red.PostAsync("/internal/activities", GatewayApp.Json("""{"workflowId":"w","activityId":"a"}"""));
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        var path = registered.Headers.Location!.ToString();
        foreach (var call in new[] { "", "/outcome" })
        {
            using var hidden = await blue.GetAsync(path + call);
            await hidden.ShouldBeProblemAsync("not-found");
        }

        foreach (var call in new[] { "/complete", "/cancel", "/tokens", "/heartbeat" })
        {
            using var hidden = await blue.PostAsync(path + call, null);
            await hidden.ShouldBeProblemAsync("not-found");
        }

        Assert.DoesNotContain("\"w\"", await blue.GetStringAsync("/internal/activities"), StringComparison.Ordinal);
        Assert.Contains("\"w\"", await red.GetStringAsync("/internal/activities"), StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Naming_another_namespace_is_forbidden()
    {
        using var blue = app.Client("blue");
        using var register = await blue.PostAsync("/internal/activities", GatewayApp.Json("""{"workflowId":"w","activityId":"a","namespace":"red"}"""));
        await register.ShouldBeProblemAsync("forbidden");
        using var list = await blue.GetAsync("/internal/activities?namespace=red");
        await list.ShouldBeProblemAsync("forbidden");
        using var lease = await blue.PostAsync("/internal/outcomes/lease", GatewayApp.Json("""{"namespace":"red"}"""));
        await lease.ShouldBeProblemAsync("forbidden");
    }

    [StoreFact]
    public async Task A_lease_is_settled_only_by_its_own_namespace()
    {
        using var red = app.Client("red");
        using var blue = app.Client("blue");
        using var registered = await red.PostAsync("/internal/activities", GatewayApp.Json("""{"workflowId":"lease","activityId":"a"}"""));
        using var done = await red.PostAsync($"{registered.Headers.Location}/complete", GatewayApp.Json("1"));
        using var leased = await red.PostAsync("/internal/outcomes/lease", GatewayApp.Json("{}"));
        var lease = System.Text.Json.Nodes.JsonNode.Parse(await leased.Content.ReadAsStringAsync())!["leases"]![0]!["leaseId"];
        var settle = $$"""{"leaseIds":["{{lease}}"]}""";
        using var foreign = await blue.PostAsync("/internal/outcomes/acknowledge", GatewayApp.Json(settle));
        Assert.Contains("lease-lost", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var own = await red.PostAsync("/internal/outcomes/acknowledge", GatewayApp.Json(settle));
        Assert.Contains("acknowledged", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Keys whose text is their name, with every scope.</summary>
    private static Dictionary<string, string?> Keys(params (string Name, string Namespace)[] keys)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var ((name, @namespace), index) in keys.Select((key, index) => (key, index)))
        {
            settings[$"ApiKeys:{index}:name"] = name;
            settings[$"ApiKeys:{index}:sha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            settings[$"ApiKeys:{index}:namespace"] = @namespace;
            foreach (var (scope, place) in new[] { "register", "resume", "complete", "operate" }.Select((scope, place) => (scope, place)))
            {
                settings[$"ApiKeys:{index}:scopes:{place}"] = scope;
            }
        }

        return settings;
    }
}

public sealed class SqliteNamespaceTests() : NamespaceTests(Store.Sqlite);

[OnPostgres]
public sealed class PostgresNamespaceTests() : NamespaceTests(Store.Postgres);
