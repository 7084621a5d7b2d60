namespace Gateway.Http.Probes;

/// <summary>
/// The program as its own probe, for images without a shell: <c>Gateway --healthcheck</c> asks the gateway that runs with the
/// same settings whether it is ready.
/// </summary>
internal static class HealthCheck
{
    public const string Argument = "--healthcheck";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>0 when it is ready, 1 otherwise.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(new Uri($"{Listeners.Local(configuration)}/health/ready"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
