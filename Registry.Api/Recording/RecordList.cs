using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Recording;

/// <summary>One page of the records of one kind under a case.</summary>
/// <param name="Items">The records, each with its key and ETag.</param>
/// <param name="Next">The cursor of the next page.</param>
/// <typeparam name="TContent">The content of the records, for the contract.</typeparam>
internal sealed record RecordPage<TContent>(
    IReadOnlyList<TContent> Items,
    [Missing("absent on the last")] string? Next)
    where TContent : class;

/// <summary>Lists the records of one kind under a case.</summary>
internal static class RecordList
{
    /// <summary>How many records a page holds.</summary>
    public static readonly QueryParameter Limit = Paging.Limit("records");

    public static async Task<Results<Ok<RecordPage<RecordView>>, Problem>> Get(
        HttpRequest request, RecordKind kind, RecordServices services, CancellationToken cancellation)
    {
        var (address, bad) = RecordAddress.OfCase(request);
        if (bad is not null)
        {
            return bad;
        }

        var (person, unknown) = await services.PersonOf(address, cancellation);
        if (unknown is not null)
        {
            return unknown;
        }

        var records = person.Case(address.Case)!;
        var after = request.Query[Paging.After.Name].ToString();
        var limit = Paging.LimitOf(request);
        var found = records.All(kind)
            .Where(record => string.CompareOrdinal(record.Code, after) > 0
                && kind.Filters.All(filter => filter.Lets(request.Query, record.Record.Content)))
            .OrderBy(record => record.Code, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToList();
        var page =
            found.Take(limit).Select(record => kind.ShowInList(records, address with { Code = record.Code }, record.Record)).ToList();
        return TypedResults.Ok(new RecordPage<RecordView>(page, found.Count > limit ? found[limit - 1].Code : null));
    }
}
