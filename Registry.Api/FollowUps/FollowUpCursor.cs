using System.Globalization;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.FollowUps;

/// <summary>
/// The place behind which a page of the work list begins: the last visit of the page before, and the cut-off day that
/// every page shares, so that midnight moves no visit from one page to another.
/// </summary>
/// <param name="AsOf">The cut-off day.</param>
/// <param name="TargetDate">The target date of the last visit.</param>
/// <param name="Site">Its site; empty before the first page.</param>
/// <param name="Case">Its case; empty before the first page.</param>
internal sealed record FollowUpCursor(DateOnly AsOf, DateOnly TargetDate, string Site, string Case)
{
    /// <summary>The form of a cursor. No key holds a tilde.</summary>
    public const string Pattern = @"^\d{4}-\d{2}-\d{2}~\d{4}-\d{2}-\d{2}~[A-Za-z0-9._-]{1,64}~[A-Za-z0-9._-]{1,64}$";

    // A page of an earlier list was never given out.
    private static readonly DateOnly Earliest = new(2000, 1, 1);

    /// <summary>The cursor behind a visit.</summary>
    public static FollowUpCursor Behind(DateOnly asOf, FollowUpItem last) => new(asOf, last.TargetDate, last.Site, last.Case);

    /// <summary>Reads the cursor of a request; without one, the place before the first visit.</summary>
    public static (FollowUpCursor Cursor, Problem? Problem) Read(IQueryCollection query, QueryParameter parameter, DateOnly today)
    {
        var start = new FollowUpCursor(today, DateOnly.MinValue, string.Empty, string.Empty);
        if (!query.TryGetValue(parameter.Name, out var stated))
        {
            return (start, null);
        }

        if (stated.ToString().Split('~') is not [var asOf, var target, var site, var @case]
            || Date(asOf) is not { } day
            || day > today
            || day < Earliest
            || Date(target) is not { } targetDate)
        {
            return (start,
                Refused("not-a-cursor", $"'{parameter.Name}' is '{stated}'; it has to be {parameter.Allowed}.", parameter.Allowed));
        }

        return query.TryGetValue("asOf", out var cutOff) && cutOff.ToString() != asOf
            ? (start, Refused("other-as-of", $"'{parameter.Name}' belongs to a list as of {asOf}, and 'asOf' is {cutOff}.", $"asOf={asOf}"))
            : (new FollowUpCursor(day, targetDate, site, @case), null);

        Problem Refused(string code, string detail, string allowed) =>
            Problem.InvalidParameters([new Fault("/" + parameter.Name, code, detail, stated.ToString(), allowed)]);
    }

    /// <summary>The cursor as it travels.</summary>
    public override string ToString() => string.Join('~', AsOf.Iso(), TargetDate.Iso(), Site, Case);

    private static DateOnly? Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
}
