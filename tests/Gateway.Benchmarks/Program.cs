using BenchmarkDotNet.Running;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Schemas;
using Gateway.Benchmarks.Soak;

// "times" compares with JsonDocument in rounds that take turns, "rounds" lets a script take turns with it, "load" drives a gateway in a child process, "soak" does so for long; everything else is
// BenchmarkDotNet's own command line.
switch (args)
{
    case ["times"]:
        BestTimes.Print(Console.Out);
        return 0;
    case ["rounds"]:
        BestTimes.Serve(Console.In, Console.Out);
        return 0;
    case ["bare", var url]:
        await BareServer.RunAsync(url);
        return 0;
    case ["committing", var url]:
        using (var bodies = await CommittedBodies.OpenAsync())
        {
            await BareServer.RunAsync(url, bodies.CommitAsync);
        }

        return 0;
    case ["load", .. var options]:
        try
        {
            return await LoadCommand.RunAsync(LoadOptions.Parse(options));
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }

    case ["soak", .. var options]:
        try
        {
            return await SoakCommand.RunAsync(SoakOptions.Parse(options));
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }

    default:
        BenchmarkSwitcher.FromAssembly(typeof(BestTimes).Assembly).Run(args);
        return 0;
}
