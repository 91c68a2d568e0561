using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Costs;

namespace Registry.Api.Stays;

internal static class StayEndpoints
{
    public static void MapStays(this RouteGroupBuilder api, StayKind kind) =>
        api.MapRecord<HospitalStay>("/sites/{site}/cases/{case}/stays/{stay}", kind, "a stay in hospital", Examples.Stay);
}
