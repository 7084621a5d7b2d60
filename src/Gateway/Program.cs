using Gateway;
using Gateway.Backup;
using Gateway.Completion;
using Gateway.Deliveries;
using Gateway.Expiry;
using Gateway.FirstStart;
using Gateway.Http;
using Gateway.Http.Probes;
using Gateway.Observability;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Registration;
using Gateway.Resumption;
using Gateway.Resumption.Pull;
using Gateway.Schemas;

try
{
    if (args is [BackupCommand.Name, .. var arguments])
    {
        return BackupCommand.Run(arguments);
    }

    // The settings file lies beside the assembly, wherever the gateway is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    if (args is [HealthCheck.Argument])
    {
        return await HealthCheck.RunAsync(builder.Configuration);
    }

    var directory = builder.Configuration[StorageOptions.DataDirectoryKey] ?? StorageOptions.DefaultDataDirectory;
    if (builder.Configuration[StorageOptions.ProviderKey] is not StorageOptions.Postgres && !File.Exists(StorageOptions.DatabaseIn(directory)))
    {
        _ = Task.Run(SqliteStorage.PrepareFirstStart);
    }

    builder.AddGatewayLogging();
    builder.Services.AddHttpEdge(builder.Configuration);
    builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HotJson.Default));
    builder.Services.AddPersistence();
    builder.Services.AddFirstStart(builder.Configuration);
    builder.Services.AddReturnSchemas();
    builder.Services.AddRegistration();
    builder.Services.AddCompletion();
    builder.Services.AddPull();
    builder.Services.AddResumption();
    builder.Services.AddDeliveries();
    builder.Services.AddExpiry();

    var app = builder.Build();
    app.UseHttpEdge();
    app.UseSecrets();
    app.MapCallbacks();
    app.MapRunnerApi();
    app.Run();
    return Environment.ExitCode;
}
catch (Exception exception) when (StartupFailure.OneLine(exception) is { } line)
{
    Console.Error.WriteLine(line);
    return 1;
}
