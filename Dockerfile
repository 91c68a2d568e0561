# docker build -t registry .
# docker run -p 8080:8080 -v registry-data:/data -e Registry__AdminKey=… registry
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY Registry.Domain/ Registry.Domain/
COPY Registry.Api/ Registry.Api/
COPY db/ db/
RUN dotnet publish Registry.Api --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
# The embedded database lies in a volume that the program's own user may write to.
RUN mkdir /data && chown "$APP_UID" /data
VOLUME /data
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080 \
    ConnectionStrings__Registry="Data Source=/data/registry.db"
EXPOSE 8080
ENTRYPOINT ["dotnet", "Registry.Api.dll"]
