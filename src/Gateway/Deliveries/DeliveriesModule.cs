namespace Gateway.Deliveries;

internal static class DeliveriesModule
{
    public static IServiceCollection AddDeliveries(this IServiceCollection services) =>
        services.AddSingleton<ListDeliveries>().AddSingleton<RedeliverMany>();
}
