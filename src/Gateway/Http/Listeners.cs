using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Http;

/// <summary>
/// Where the gateway listens and how it is reached. With <c>Runner:Urls</c> the runner API has listeners of its own and the
/// public ones do not serve it; the socket's own port decides, because the Host header is the caller's to choose.
/// </summary>
internal sealed class Listeners
{
    public const string RunnerUrlsKey = "Runner:Urls";
    public const string PublicUrlKey = "PublicUrl";
    private const string DefaultUrl = "http://127.0.0.1:5080";

    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports"];

    private readonly string? configuredPublicUrl;
    private readonly string firstConfigured;
    private readonly HashSet<int> runnerPorts;
    private readonly string[] runnerUrls;
    private readonly IServer server;

    public Listeners(IConfiguration configuration, IServer server)
    {
        this.server = server;
        configuredPublicUrl = PublicUrlOf(configuration);
        firstConfigured = PublicUrls(configuration)[0];
        runnerUrls = Split(configuration[RunnerUrlsKey]);
        runnerPorts = [.. runnerUrls.Select(url => PortOf(url, RunnerUrlsKey))];
        if (runnerUrls.Length > 0 && configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            throw new StartupException($"{RunnerUrlsKey} cannot stand beside Kestrel:Endpoints, which would silence it: use Urls for the public listener.");
        }
    }

    public bool RunnerHasItsOwn => runnerPorts.Count > 0;

    /// <summary>
    /// Base of the URLs handed out, without a trailing slash. Asked of the server each time: a runner that tries again while the
    /// gateway starts may be served in the moment between listening and knowing where.
    /// </summary>
    public string PublicUrl => configuredPublicUrl ?? FirstPublic;

    /// <summary>The first public listening address; before it is known the first that the settings make.</summary>
    public string FirstPublic => Reachable(Addresses.FirstOrDefault(url => !runnerPorts.Contains(PortOf(url, "Urls"))) ?? firstConfigured);

    /// <summary>The first listening address that serves the runner API.</summary>
    public string FirstRunner => RunnerHasItsOwn ? Reachable(runnerUrls[0]) : FirstPublic;

    private ICollection<string> Addresses => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    /// <summary>Where a process on this machine reaches the public listener that these settings make.</summary>
    public static string Local(IConfiguration configuration) => Reachable(PublicUrls(configuration)[0]);

    /// <summary>Whether a connection accepted on this local port may reach the runner API.</summary>
    public bool ServesRunner(int localPort) => !RunnerHasItsOwn || runnerPorts.Contains(localPort);

    /// <summary>Adds the default and the runner's addresses to the server; called before it starts.</summary>
    public void Bind(IConfiguration configuration)
    {
        // The test server listens nowhere.
        if (server.Features.Get<IServerAddressesFeature>() is not { Addresses: { IsReadOnly: false } addresses })
        {
            return;
        }

        // A default in appsettings.json would win over ASPNETCORE_URLS, whose source is read before the file.
        var isSaid = addresses.Count > 0 || AddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
            || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        if (isSaid && !RunnerHasItsOwn)
        {
            return;
        }

        var open = addresses.Count > 0 ? [.. addresses] : PublicUrls(configuration);
        if (open.FirstOrDefault(url => runnerPorts.Contains(PortOf(url, "Urls"))) is { } shared)
        {
            throw new StartupException($"{RunnerUrlsKey} must have a port of its own: {shared} is public.");
        }

        addresses.Clear();
        foreach (var url in open.Concat(runnerUrls))
        {
            addresses.Add(url);
        }
    }

    private static string[] PublicUrls(IConfiguration configuration)
    {
        string[] said =
        [
            .. Split(configuration["urls"]),
            .. string.IsNullOrEmpty(configuration["urls"]) ? Split(configuration["http_ports"]).Select(port => $"http://*:{port}") : [],
            .. string.IsNullOrEmpty(configuration["urls"]) ? Split(configuration["https_ports"]).Select(port => $"https://*:{port}") : [],
        ];
        return said.Length > 0 ? said : [DefaultUrl];
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int PortOf(string url, string key)
    {
        try
        {
            return BindingAddress.Parse(url).Port;
        }
        catch (FormatException)
        {
            throw new StartupException($"{key} must be a list of URLs such as http://127.0.0.1:5081, separated by semicolons: '{url}' is none.");
        }
    }

    private static string? PublicUrlOf(IConfiguration configuration)
    {
        var text = configuration[PublicUrlKey];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var fits = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
        return fits ? text.TrimEnd('/') : throw new StartupException($"{PublicUrlKey} must be an absolute http or https URL without query.");
    }

    /// <summary>A listener on every address is reached by a name.</summary>
    private static string Reachable(string url)
    {
        var address = BindingAddress.Parse(url);
        var host = address.Host is "0.0.0.0" or "[::]" or "*" or "+" ? "localhost" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
