using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.Deliveries;

/// <summary>
/// Puts every matching delivery back in line, page by page from the newest, so that neither a transaction nor memory grows
/// with their number.
/// </summary>
internal sealed class RedeliverMany(ActivitySearch search, IOutboxStore outbox, TimeProvider time)
{
    private const int PageSize = 500;

    public async Task<int> ExecuteAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        var redelivered = 0;
        long? cursor = null;
        while (true)
        {
            var page = await search.FindDeliveriesAsync(query, cursor, PageSize, cancellationToken);
            redelivered += await outbox.RedeliverAsync([.. page.Select(found => ActivityId.Read(found.Entry.ActivityId))], time.Now());
            if (page.Count < PageSize)
            {
                return redelivered;
            }

            cursor = page[^1].Entry.Sequence;
        }
    }
}
