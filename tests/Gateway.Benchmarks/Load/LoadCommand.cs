using System.Globalization;
using System.Text.Json;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// Completes activities of a gateway in a child process as fast as its connections allow, or at a rate, and prints what came
/// of it beside a bare Kestrel endpoint with the same bodies in the same run.
/// </summary>
internal static class LoadCommand
{
    /// <summary>Below this the generator, not the gateway, was measured.</summary>
    private const double LeastHeadroom = 1.2;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task<int> RunAsync(LoadOptions options)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"gateway-load-{Guid.NewGuid():N}");
        var bodies = Bodies.For(options);
        try
        {
            var bare = await MeasureBareAsync(options, bodies);
            using var gateway = await Server.GatewayAsync(directory);
            using var runner = new Runner(gateway, directory);
            if (options.Pending > 0)
            {
                await runner.RegisterAsync(options.Pending, bodies.Schema);
            }

            var warm = await runner.RegisterAsync(options.WarmUp, bodies.Schema);
            await Round.RunAsync(gateway, Requests(gateway, warm.Tokens, bodies, options), options.Connections, null);
            var (tokens, registrations) = await runner.RegisterAsync(options.Count, bodies.Schema);
            var result = await Round.RunAsync(gateway, Requests(gateway, tokens, bodies, options), options.Connections, options.Rate);
            if (options.Rate is null && bare.PerSecond < LeastHeadroom * result.PerSecond)
            {
                await Console.Error.WriteLineAsync(
                    $"No report: the bare endpoint took {bare.PerSecond:F0} calls/s and the gateway {result.PerSecond:F0}: the generator was the limit.");
                return 2;
            }

            Print(options, bare, result, registrations, gateway.ResidentBytes, Size(directory), options.Pending + options.WarmUp + options.Count);
            return result.Errors.Count == 0 ? 0 : 1;
        }
        finally
        {
            File.Delete($"{directory}.log");
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static async Task<RoundResult> MeasureBareAsync(LoadOptions options, Bodies bodies)
    {
        using var bare = await Server.BareAsync();
        var path = $"/activities/{new string('x', 60)}/complete";
        var requests = Enumerable.Range(0, options.Count).Select(i => Connection.Request(path, bodies.Body(i), bare.Address)).ToList();
        await Round.RunAsync(bare, requests.Take(options.WarmUp).ToList(), options.Connections, null);
        return await Round.RunAsync(bare, requests, options.Connections, options.Rate);
    }

    private static List<byte[]> Requests(Server gateway, List<string> tokens, Bodies bodies, LoadOptions options)
    {
        var order = tokens.ToArray();
        if (options.Shuffled)
        {
            new Random(4711).Shuffle(order);
        }

        return [.. order.Select((token, index) => Connection.Request($"/activities/{token}/complete", bodies.Body(index), gateway.Address))];
    }

    private static long Size(string directory) => Directory.GetFiles(directory, "gateway.db*").Sum(path => new FileInfo(path).Length);

    private static void Print(
        LoadOptions options, RoundResult bare, RoundResult gateway, double registrations, long resident, long bytes, int activities)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {options.Count} completions, {options.Connections} connections, {(options.Rate is { } rate ? $"{rate}/s" : "closed loop")}, {(options.SchemaFolder is { } folder ? Path.GetFileName(folder) : "any JSON")}, {(options.Shuffled ? "shuffled" : "recent")}, {options.Pending} more pending, {Environment.ProcessorCount} cores

                                   gateway      bare Kestrel
            per second        {gateway.PerSecond,12:F0}      {bare.PerSecond,12:F0}   ratio {gateway.PerSecond / bare.PerSecond:F2}
            p50 ms            {Ms(gateway, 0.5),12:F2}      {Ms(bare, 0.5),12:F2}
            p95 ms            {Ms(gateway, 0.95),12:F2}      {Ms(bare, 0.95),12:F2}
            p99 ms            {Ms(gateway, 0.99),12:F2}      {Ms(bare, 0.99),12:F2}
            max ms            {Ms(gateway, 1),12:F2}      {Ms(bare, 1),12:F2}
            server CPU us     {Us(gateway.ServerCpu, gateway),12:F1}      {Us(bare.ServerCpu, bare),12:F1}
            generator CPU us  {Us(gateway.GeneratorCpu, gateway),12:F1}      {Us(bare.GeneratorCpu, bare),12:F1}
            errors            {Errors(gateway),12}      {Errors(bare),12}

            registrations/s in batches of 500   {registrations:F0}
            resident memory                     {resident / 1048576} MB
            database bytes per activity         {bytes / Math.Max(1, activities)} (closed ones included)
            """));
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    options,
                    gateway = Numbers(gateway),
                    bare = Numbers(bare),
                    ratio = gateway.PerSecond / bare.PerSecond,
                    registrationsPerSecond = registrations,
                    residentBytes = resident,
                    databaseBytes = bytes,
                    activities,
                },
                Indented));
        }
    }

    private static object Numbers(RoundResult result) => new
    {
        perSecond = result.PerSecond,
        p50Ms = Ms(result, 0.5),
        p95Ms = Ms(result, 0.95),
        p99Ms = Ms(result, 0.99),
        maxMs = Ms(result, 1),
        serverCpuMicroseconds = Us(result.ServerCpu, result),
        generatorCpuMicroseconds = Us(result.GeneratorCpu, result),
        errors = result.Errors,
    };

    private static double Ms(RoundResult result, double share) => result.Percentile(share).TotalMilliseconds;

    private static double Us(TimeSpan cpu, RoundResult result) => cpu.TotalMicroseconds / result.Latencies.Length;

    private static string Errors(RoundResult result) =>
        result.Errors.Count == 0 ? "none" : string.Join(' ', result.Errors.Select(error => $"{error.Value}x{error.Key}"));
}
