namespace Registry.Domain.Common;

/// <summary>One thing that is wrong with what a sender stated, said so that the sender can mend it.</summary>
/// <param name="Where">JSON Pointer (RFC 6901) to the member at fault; empty for the content as a whole.</param>
/// <param name="Code">Stable code of the rule that was broken, in kebab case.</param>
/// <param name="Detail">The rule in a sentence, with unit and allowed range.</param>
/// <param name="Value">The value as it was stated, or null where the fault is an absence.</param>
/// <param name="Allowed">What would have been allowed, or null where the detail says all there is to say.</param>
public sealed record Fault(string Where, string Code, string Detail, string? Value = null, string? Allowed = null);
