using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Gateway.Benchmarks.Schemas;

/// <summary>Short runs inside this process: no second build, and baseline and candidate meet the same machine.</summary>
internal sealed class InProcessShort : ManualConfig
{
    public InProcessShort()
    {
        // Many short rounds: on a busy machine the best of them says more than the mean.
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(40).WithIterationCount(30).WithIterationTime(TimeInterval.FromMilliseconds(50)));
        AddColumn(StatisticColumn.Min);
        AddDiagnoser(MemoryDiagnoser.Default);
    }
}
