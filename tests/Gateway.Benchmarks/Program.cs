using BenchmarkDotNet.Running;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Schemas;

// "times" prints best-of times as JSON for scripts, "load" drives a gateway in a child process; everything else is
// BenchmarkDotNet's own command line.
switch (args)
{
    case ["times"]:
        BestTimes.Print(Console.Out);
        return 0;
    case ["bare", var url]:
        await BareServer.RunAsync(url);
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

    default:
        BenchmarkSwitcher.FromAssembly(typeof(BestTimes).Assembly).Run(args);
        return 0;
}
