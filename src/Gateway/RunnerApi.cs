using Gateway.Completion;
using Gateway.Deliveries;
using Gateway.Registration;
using Gateway.Resumption.Pull;

namespace Gateway;

/// <summary>The internal API: one group, one door, every slice's routes in it.</summary>
internal static class RunnerApi
{
    public static void MapRunnerApi(this WebApplication app)
    {
        var runner = app.MapGroup("/internal");
        runner.MapRegistration();
        runner.MapActivities();
        runner.MapRunnerCompletion();
        runner.MapPull();
        runner.MapDeliveries();
    }
}
