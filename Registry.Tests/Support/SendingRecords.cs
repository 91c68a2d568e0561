using Registry.Api.Demonstration;

namespace Registry.Tests.Support;

/// <summary>Sends made-up records as a site would, one by one.</summary>
internal static class SendingRecords
{
    public static async Task Record(this ApiClient api, RecordSet set)
    {
        foreach (var record in set.Records)
        {
            (await api.Put(record.Kind.PathOf(record.Address)["/api/v1".Length..], record.Kind.Canonical(record.Content))).Expect(201);
        }
    }
}
