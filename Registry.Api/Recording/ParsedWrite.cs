using Registry.Api.Audit;
using Registry.Api.Http;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>A write as it was read from a body, and what is wrong with it on its own.</summary>
/// <param name="Command">The write. With faults its content is what could be read, or null.</param>
/// <param name="Faults">Every fault of the body.</param>
internal sealed record ParsedWrite(WriteCommand Command, IReadOnlyList<Fault> Faults)
{
    /// <summary>Reads a body.</summary>
    public static ParsedWrite Read(RecordKind kind, RecordAddress address, FieldReader fields, Preconditions asked, Sender by)
    {
        var (content, readBack) = kind.Parse(fields, address.Code);
        return new ParsedWrite(new WriteCommand(kind, address, content, asked, by) { ReadBack = readBack }, fields.Faults);
    }
}
