using Registry.Domain.Common;

namespace Registry.Api.Codebook;

/// <summary>The codebook: every variable that the registry takes or gives.</summary>
/// <param name="Version">Changes with the content.</param>
/// <param name="Variables">The variables, in order of name.</param>
internal sealed record Codebook(string Version, IReadOnlyList<CodebookVariable> Variables);

/// <summary>One variable.</summary>
/// <param name="Name">Where it stands in a body: the kind of body and the members that lead to it, joined by dots. A list adds nothing to
/// the path.</param>
/// <param name="AppliesTo">The operations that take or give it.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Type">integer, number, string, code, date, date-time, boolean or object; with [] for a list of these. An object without
/// variables of its own holds what its meaning says.</param>
/// <param name="Unit">The unit of a number.</param>
/// <param name="Min">The smallest value, inclusive.</param>
/// <param name="Max">The largest value, inclusive.</param>
/// <param name="Pattern">The form of a text, as a regular expression.</param>
/// <param name="Codes">The values of a closed set.</param>
/// <param name="Missing">How a missing value is represented.</param>
/// <param name="Formula">How a derived figure is computed: population, window, numerator and denominator.</param>
/// <param name="Source">The instrument, the literature or the view that a figure comes from.</param>
internal sealed record CodebookVariable(
    string Name,
    IReadOnlyList<string> AppliesTo,
    string Meaning,
    string Type,
    [Missing("absent where it has none or its meaning says it")] string? Unit,
    [Unit("that of the variable"), Missing("absent without a bound")] decimal? Min,
    [Unit("that of the variable"), Missing("absent without a bound")] decimal? Max,
    [Missing("absent for any text")] string? Pattern,
    [Missing("absent for anything else")] IReadOnlyList<CodebookCode>? Codes,
    [Missing("absent where there always is one")] string? Missing,
    [Missing("absent for what is recorded")] string? Formula,
    [Missing("absent where there is none to name")] string? Source);

/// <summary>One value of a closed set.</summary>
/// <param name="Code">The code, as it travels.</param>
/// <param name="Label">What it means.</param>
internal sealed record CodebookCode(string Code, string Label);
