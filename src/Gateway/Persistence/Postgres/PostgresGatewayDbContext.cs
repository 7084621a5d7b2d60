using Microsoft.EntityFrameworkCore;

namespace Gateway.Persistence.Postgres;

/// <summary>The model on PostgreSQL.</summary>
internal sealed class PostgresGatewayDbContext(DbContextOptions<PostgresGatewayDbContext> options) : GatewayDbContext(options)
{
    private const string WorkflowHash = nameof(WorkflowHash);
    private const string StepHashName = nameof(StepHash);

    public override IQueryable<ActivityRow> OfWorkflow(IQueryable<ActivityRow> rows, string workflowId)
    {
        var hash = StepHash.OfWorkflow(workflowId);
        return base.OfWorkflow(rows, workflowId).Where(row => EF.Property<long>(row, WorkflowHash) == hash);
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        base.OnModelCreating(model);
        model.Entity<ActivityRow>(row =>
        {
            row.Property<long>(WorkflowHash).HasColumnName("workflow_hash");
            row.Property<long>(StepHashName).HasColumnName("step_hash");
            row.HasIndex(WorkflowHash, StepHashName, nameof(ActivityRow.RunId), nameof(ActivityRow.Attempt)).IsUnique();
        });

        // Nobody looks for an outcome by its sequence, so there is no index of them: the outbox has one, of the same numbers.
        model.Entity<OutcomeRow>(row =>
        {
            row.HasKey(o => o.ActivityId);
            row.Property(o => o.Sequence).UseIdentityAlwaysColumn();
        });
        model.Entity<SchemaRow>().Property(row => row.Id).UseIdentityAlwaysColumn();

        // A lease and a settlement each leave a dead row and dead index entries at the front of the queue, where the next
        // lease looks first: they are cleared away long before a fifth of the table is dead.
        model.Entity<OutboxRow>()
            .HasStorageParameter("fillfactor", 80)
            .HasStorageParameter("autovacuum_vacuum_scale_factor", 0.02)
            .HasStorageParameter("autovacuum_vacuum_cost_delay", 0);
        model.Entity<DeadlineRow>().HasStorageParameter("autovacuum_vacuum_scale_factor", 0.02);
        model.Entity<HeartbeatRow>().HasStorageParameter("fillfactor", 70);

        // Names and lanes are compared byte by byte, as the embedded database does, whatever the database's own collation.
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties())
            .Where(property => property.ClrType == typeof(string)))
        {
            property.SetCollation("C");
        }
    }
}
