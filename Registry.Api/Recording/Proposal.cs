using Registry.Api.Http;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>A write as it was read from a body, and what is wrong with it on its own.</summary>
/// <param name="Command">The write. With faults its content is what could be read, or null.</param>
/// <param name="Faults">Every fault of the body.</param>
internal sealed record Proposal(WriteCommand Command, IReadOnlyList<Fault> Faults)
{
    /// <summary>Reads a body.</summary>
    public static Proposal Read(Resource resource, ResourceAddress address, FieldReader fields, Preconditions asked, string by)
    {
        var (content, readBack) = resource.Parse(fields, address.Code);
        return new Proposal(new WriteCommand(resource, address, content, asked, by) { ReadBack = readBack }, fields.Faults);
    }
}
