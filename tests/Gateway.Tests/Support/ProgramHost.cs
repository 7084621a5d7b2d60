using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Support;

/// <summary>
/// A host that its program alone stops and disposes. The factory would do both as well, at the same moment, because its stop
/// is what wakes the program: every service is stopped twice at once, and who comes second to the disposal returns while the
/// first still closes the storage. This host only asks the program to stop, and waits until it has let go of everything.
/// </summary>
internal sealed class ProgramHost(IHost host, Task letGo) : IHost
{
    /// <summary>More than the host gives its services for stopping: to wait longer is to wait in vain.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Taken now: a program that stopped by itself has no services to ask any more.
    private readonly IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

    public IServiceProvider Services => host.Services;

    public Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        lifetime.StopApplication();
        return letGo.WaitAsync(Patience, cancellationToken);
    }

    public void Dispose()
    {
        // The program does it.
    }

    /// <summary>Tells the disposal's end: what a host is made of is made before any service of the gateway, and disposed after them all.</summary>
    internal sealed class Lifetime(TaskCompletionSource letGo) : IHostLifetime, IDisposable
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => letGo.TrySetResult();
    }
}
