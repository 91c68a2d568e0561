using Registry.Api.Data;

namespace Registry.Api.Idempotency;

/// <summary>What becomes of a request with an idempotency key.</summary>
internal abstract record Reservation
{
    /// <summary>It is the first: it is to be carried out.</summary>
    internal sealed record First : Reservation;

    /// <summary>It was carried out, with this answer.</summary>
    internal sealed record Done(StoredAnswer Answer) : Reservation;

    /// <summary>It is being carried out.</summary>
    internal sealed record Running : Reservation;

    /// <summary>The key came with another request.</summary>
    internal sealed record Reused : Reservation;
}

/// <summary>Keeps requests with an idempotency key, and the answers that they were given, for a day.</summary>
internal sealed class IdempotencyStore(IDatabase database, TimeProvider clock)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    // Longer than any request takes: one that has no answer by then was broken off, by the end of the program, say.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    private readonly long _since = clock.GetUtcNow().ToUnixTimeSeconds();

    private static readonly Statement Known =
        new("SELECT payload_hash, running_until, answer FROM idempotent_request WHERE request_id = @p0 AND expires_at > @p1");
    private static readonly Statement Expired = new("DELETE FROM idempotent_request WHERE expires_at <= @p0");
    private static readonly Statement Gone = new("DELETE FROM idempotent_request WHERE request_id = @p0");
    private static readonly Statement Begun =
        new("INSERT INTO idempotent_request (request_id, payload_hash, running_until, expires_at) VALUES (@p0, @p1, @p2, @p3)");
    private static readonly Statement Answered = new("UPDATE idempotent_request SET answer = @p1 WHERE request_id = @p0");

    /// <summary>Looks whether a request came before, and notes it where it did not.</summary>
    public Task<Reservation> Begin(IdempotentRequest request, CancellationToken cancellation) =>
        database.Write(
            [],
            async session =>
            {
                var now = clock.GetUtcNow();
                await session.Run(Expired, now.ToUnixTimeSeconds());
                var known = await session.Rows(
                    Known,
                    static row => (PayloadHash: (byte[])row.GetValue(0), RunningUntil: row.GetInt64(1), Answer: row.GetValue(2) as byte[]),
                    request.Id,
                    now.ToUnixTimeSeconds());
                if (known is [var found])
                {
                    if (!found.PayloadHash.AsSpan().SequenceEqual(request.PayloadHash))
                    {
                        return new Reservation.Reused();
                    }

                    if (found.Answer is { } stored && request.Decrypt(stored) is { } answer)
                    {
                        return new Reservation.Done(answer);
                    }

                    if (found.Answer is null && found.RunningUntil > now.ToUnixTimeSeconds() && !IsOfAnEarlierRun(found.RunningUntil))
                    {
                        return new Reservation.Running();
                    }

                    await session.Run(Gone, request.Id);
                }

                await session.Run(
                    Begun, request.Id, request.PayloadHash, (now + LongestRun).ToUnixTimeSeconds(), (now + Kept).ToUnixTimeSeconds());
                return (Reservation)new Reservation.First();
            },
            cancellation);

    // On the embedded engine only this process carries out requests: what began before it did was broken off with the one before.
    private bool IsOfAnEarlierRun(long runningUntil) =>
        database.CommitNumber is not null && runningUntil - (long)LongestRun.TotalSeconds < _since;

    /// <summary>Keeps the answer of a request; with null, forgets the request, so that it can be made again.</summary>
    public Task End(IdempotentRequest request, StoredAnswer? answer) =>
        database.Write(
            [],
            async session =>
                await (answer is null ? session.Run(Gone, request.Id) : session.Run(Answered, request.Id, request.Encrypt(answer))),
            CancellationToken.None);
}
