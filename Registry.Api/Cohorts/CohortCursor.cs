using System.Globalization;
using Registry.Api.Http;

namespace Registry.Api.Cohorts;

/// <summary>
/// The place behind which a page of a cohort begins: the last case of the page before, the value it is sorted by, and the cut-off
/// day that every page shares, so that midnight and what is recorded meanwhile move no case from one page to another.
/// </summary>
/// <remarks>The number of the case is sealed: it is the registry's own, and says in which order cases were recorded.</remarks>
/// <param name="AsOf">The cut-off day.</param>
/// <param name="Key">The last case.</param>
internal sealed record CohortCursor(DateOnly AsOf, CohortKey Key)
{
    /// <summary>The form of a cursor: the day, the order, the value and the number of the case, sealed.</summary>
    public const string Pattern = @"^\d{4}-\d{2}-\d{2}~-?[A-Za-z]{1,32}~[A-Za-z0-9._-]{0,64}~[0-9a-f]{32}$";

    /// <summary>Reads a cursor of this form; null where it belongs to another order or registry, or names no day.</summary>
    public static CohortCursor? Read(string text, CohortSort sort, CaseSeal seal)
    {
        var parts = text.Split('~');
        if (seal.Open(parts[3]) is not { } number)
        {
            return null;
        }

        var key = new CohortKey { Number = number };
        return parts[1] != sort.Name
            || !DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? null
            : sort.Sql is null ? parts[2].Length == 0 ? new CohortCursor(day, key) : null
            : sort.IsText ? new CohortCursor(day, key with { Text = parts[2] })
            : int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? new CohortCursor(
                day, key with { Value = value })
            : null;
    }

    /// <summary>The cursor as it travels.</summary>
    public string Text(CohortSort sort, CaseSeal seal)
    {
        var value = sort.Sql is null ? string.Empty : sort.IsText ? Key.Text : Key.Value.ToString(CultureInfo.InvariantCulture);
        return $"{AsOf.Iso()}~{sort.Name}~{value}~{seal.Close(Key.Number)}";
    }
}
