using BenchmarkDotNet.Running;
using Gateway.Benchmarks.Schemas;

// "times" prints best-of times as JSON for scripts; everything else is BenchmarkDotNet's own command line.
if (args is ["times"])
{
    BestTimes.Print(Console.Out);
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(BestTimes).Assembly).Run(args);
return 0;
