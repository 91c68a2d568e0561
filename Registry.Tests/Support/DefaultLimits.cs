using Registry.Api.Access;

namespace Registry.Tests.Support;

/// <summary>How large a body, a batch and a page may be where no setting says otherwise.</summary>
internal static class DefaultLimits
{
    public static readonly int RecordBytes = Of("RecordBytes");
    public static readonly int BatchBytes = Of("BatchBytes");
    public static readonly int BatchItems = Of("BatchItems");

    private static int Of(string name) => Limits.All.Single(limit => limit.Name == name).Default;
}
