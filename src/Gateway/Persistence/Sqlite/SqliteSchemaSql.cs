using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Gateway.Persistence.Sqlite;

/// <summary>
/// Clusters every table whose key is not one integer by that key (<c>WITHOUT ROWID</c>): one tree instead of two, one
/// look-up instead of two.
/// </summary>
#pragma warning disable EF1001 // The base class is public for providers; there is no other seam for a table's suffix.
internal sealed class SqliteSchemaSql(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        // Asked first: the base class takes a key of one column away, to write it beside the column.
        var clustered = IsClustered(operation);
        base.Generate(operation, model, builder, terminate: false);
        if (clustered)
        {
            builder.Append(" WITHOUT ROWID");
        }

        if (terminate)
        {
            builder.AppendLine(";");
            EndStatement(builder);
        }
    }

    /// <summary>The tables of the migrations themselves are left as their library makes them.</summary>
    private static bool IsClustered(CreateTableOperation operation) =>
        operation.PrimaryKey is { Columns: var key } && !operation.Name.StartsWith("__", StringComparison.Ordinal)
        && (key.Length > 1 || operation.Columns.Single(column => column.Name == key[0]).ColumnType != "INTEGER");
}
