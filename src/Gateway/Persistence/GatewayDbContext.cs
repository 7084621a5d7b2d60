using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Persistence;

/// <summary>The model: creates the schema through migrations and serves lists and searches. Hot statements are prepared SQL.</summary>
internal abstract class GatewayDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<ActivityRow> Activities => Set<ActivityRow>();
    public DbSet<OutcomeRow> Outcomes => Set<OutcomeRow>();
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();
    public DbSet<HeartbeatRow> Heartbeats => Set<HeartbeatRow>();
    public DbSet<LabelRow> Labels => Set<LabelRow>();
    public DbSet<HistoryRow> History => Set<HistoryRow>();

    /// <summary>Narrows to a workflow's activities in a way the database has an index for.</summary>
    public virtual IQueryable<ActivityRow> OfWorkflow(IQueryable<ActivityRow> rows, string workflowId) =>
        rows.Where(row => row.WorkflowId == workflowId);

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<ActivityRow>().ToTable("activities").HasKey(a => a.Id);
        model.Entity<SchemaRow>(row =>
        {
            row.ToTable("schemas").HasKey(s => s.Id);
            row.Property(s => s.Id).ValueGeneratedNever();
            row.HasIndex(s => s.Hash).IsUnique();
        });
        model.Entity<OutcomeRow>().ToTable("outcomes");
        model.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox").HasKey(o => o.Sequence);
            row.Property(o => o.Sequence).ValueGeneratedNever();
            row.HasIndex(o => new { o.Kind, o.Lane, o.DueAt }).HasFilter("due_at IS NOT NULL");
        });
        model.Entity<AttemptRow>().ToTable("attempts").HasKey(a => new { a.Sequence, a.Number });
        model.Entity<HeartbeatRow>().ToTable("heartbeats").HasKey(h => h.ActivityId);
        model.Entity<DeadlineRow>().ToTable("deadlines").HasKey(d => new { d.DueAt, d.ActivityId });
        model.Entity<LabelRow>().ToTable("labels").HasKey(l => new { l.Hash, l.ActivityId });
        model.Entity<HistoryRow>().ToTable("history").HasKey(h => new { h.ActivityId, h.At, h.Event });
        UseSnakeCase(model);
    }

    private static void UseSnakeCase(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

/// <summary>The model on SQLite.</summary>
internal sealed class SqliteGatewayDbContext(DbContextOptions<SqliteGatewayDbContext> options) : GatewayDbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<ActivityRow>().HasIndex(a => new { a.WorkflowId, a.ActivityId, a.Namespace, a.RunId, a.Attempt }).IsUnique();
        model.Entity<OutcomeRow>(row =>
        {
            row.HasKey(o => o.Sequence);
            row.Property(o => o.Sequence).ValueGeneratedNever();
            row.HasIndex(o => o.ActivityId).IsUnique();
        });
        base.OnModelCreating(model);
    }
}
