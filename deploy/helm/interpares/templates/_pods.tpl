{{/* What all pods have in common. Each helper takes (dict "root" $ "service" name "component" api, worker or migrate). */}}

{{- define "interpares.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.runAsUser }}
runAsUser: {{ . }}
runAsGroup: {{ . }}
{{- end }}
{{- with .Values.fsGroup }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "interpares.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* The secrets of a process: name of the setting to the place it comes from, as YAML. The owner's are for migrate only. */}}
{{- define "interpares.secretRefs" -}}
{{- $root := .root -}}
{{- $made := printf "%s-%s%s" (include "interpares.fullname" $root) .service (ternary "-migrate" "" (and (eq .component "migrate") $root.Values.migrations.useHelmHooks)) -}}
{{- $secrets := (index $root.Values.services .service).secrets -}}
{{- $names := list "databaseUrl" "databaseDirectUrl" "natsUrl" "clientSecret" -}}
{{- if eq .component "migrate" }}{{ $names = append $names "databaseOwnerUrl" }}{{ end -}}
{{- $refs := dict -}}
{{- range $name := $names -}}
{{- $each := index $secrets $name -}}
{{- $file := printf "interpares_%s" (snakecase $name) -}}
{{- if $each.value -}}
{{- $_ := set $refs $file (dict "secret" $made "key" $file) -}}
{{- else if $each.existingSecret -}}
{{- $_ := set $refs $file (dict "secret" $each.existingSecret "key" $each.key) -}}
{{- end -}}
{{- end -}}
{{- if $root.Values.proxy.existingSecret -}}
{{- $_ := set $refs "interpares_proxy_url" (dict "secret" $root.Values.proxy.existingSecret "key" $root.Values.proxy.key) -}}
{{- end -}}
{{- if and (eq .component "migrate") $root.Values.databaseCreation.enabled -}}
{{- $_ := set $refs "interpares_database_admin_url" (dict "secret" $root.Values.databaseCreation.existingSecret "key" $root.Values.databaseCreation.key) -}}
{{- end -}}
{{- toYaml $refs -}}
{{- end -}}

{{- define "interpares.env" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $own := index $values.services .service -}}
{{- $feeds := dict -}}
{{- $subjects := list -}}
{{- range $name, $each := $values.services -}}
{{- if ne $name $.service -}}
{{- $_ := set $feeds $name (printf "http://%s-%s:8000" (include "interpares.fullname" $root) $name) -}}
{{- $subjects = append $subjects $each.client.subject -}}
{{- end -}}
{{- end -}}
- { name: INTERPARES_ENVIRONMENT, value: production }
- { name: INTERPARES_LOG_LEVEL, value: {{ $values.logLevel }} }
- { name: INTERPARES_SECRETS_DIR, value: /etc/interpares/secrets }
- { name: INTERPARES_HTTP_PORT, value: "8000" }
- { name: INTERPARES_OIDC_ISSUER, value: {{ $values.oidc.issuer | quote }} }
- { name: INTERPARES_OIDC_AUDIENCE, value: {{ $values.oidc.audience | quote }} }
- { name: INTERPARES_OIDC_JWKS_URL, value: {{ $values.oidc.jwksUrl | quote }} }
- { name: INTERPARES_OIDC_ALGORITHM, value: {{ $values.oidc.algorithm }} }
- { name: INTERPARES_TOKEN_URL, value: {{ $values.oidc.tokenUrl | quote }} }
- { name: INTERPARES_CLIENT_ID, value: {{ $own.client.id | quote }} }
- { name: INTERPARES_SERVICE_SUBJECTS, value: {{ toJson $subjects | toJson }} }
- { name: INTERPARES_FEED_URLS, value: {{ toJson $feeds | toJson }} }
- { name: INTERPARES_REVOCATION_LAG_SECONDS, value: {{ $values.memberships.revocationLagSeconds | toString | quote }} }
- { name: INTERPARES_MEMBERSHIP_MAX_AGE_SECONDS, value: {{ $values.memberships.maxAgeSeconds | toString | quote }} }
- { name: INTERPARES_TRUSTED_PROXIES, value: {{ toJson $values.trustedProxies | toJson }} }
- { name: INTERPARES_LINK_TRIES_PER_MINUTE, value: {{ $values.linkTriesPerMinute | int64 | toString | quote }} }
- { name: INTERPARES_STREAM_REPLICAS, value: {{ $values.streams.replicas | toString | quote }} }
- { name: INTERPARES_STREAM_MAX_BYTES, value: {{ $values.streams.maxBytes | int64 | toString | quote }} }
{{- if $values.customCA.existingConfigMap }}
- { name: INTERPARES_CA_FILE, value: /etc/interpares/ca/ca.crt }
{{- end }}
{{- with $own.files }}
{{- if .url }}
- { name: INTERPARES_FILES_URL, value: {{ .url | quote }} }
- { name: INTERPARES_FILES_MAX_BYTES, value: {{ .maxBytes | int64 | toString | quote }} }
{{- end }}
{{- end }}
{{- with $own.keep }}
{{- if gt (int .needsDays) (int .participantsDays) }}
{{- fail "services.registration.keep: needsDays must not exceed participantsDays, since needs go first" }}
{{- end }}
{{- range $what, $days := . }}
- { name: INTERPARES_KEEP_{{ snakecase $what | upper }}, value: {{ $days | int64 | toString | quote }} }
{{- end }}
{{- end }}
{{- if ($own.erasureLedger).existingClaim }}
- { name: INTERPARES_ERASURE_LEDGER, value: /ledger/erasures.jsonl }
{{- end }}
{{- with $values.telemetry.otlpEndpoint }}
- { name: INTERPARES_OTLP_ENDPOINT, value: {{ . | quote }} }
# Where a span comes from, told by Kubernetes itself.
- { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
- { name: NODE_NAME, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
- name: OTEL_RESOURCE_ATTRIBUTES
  value: k8s.namespace.name={{ $root.Release.Namespace }},k8s.pod.name=$(POD_NAME),k8s.node.name=$(NODE_NAME)
{{- end }}
{{- with $own.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "interpares.container" -}}
{{- $root := .root -}}
{{- $own := index $root.Values.services .service -}}
image: {{ include "interpares.image" . }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
securityContext:
  {{- include "interpares.containerSecurity" $root | nindent 2 }}
env:
  {{- include "interpares.env" . | nindent 2 }}
{{- with $own.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  - { name: secrets, mountPath: /etc/interpares/secrets, readOnly: true }
  {{- if $root.Values.customCA.existingConfigMap }}
  - { name: ca, mountPath: /etc/interpares/ca, readOnly: true }
  {{- end }}
  {{- if ($own.files).existingClaim }}
  - { name: files, mountPath: /data }
  {{- end }}
  {{- if ($own.erasureLedger).existingClaim }}
  - { name: ledger, mountPath: /ledger }
  {{- end }}
  {{- with $root.Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Where pods may run, the ones of helm test included. */}}
{{- define "interpares.scheduling" }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The pod around the containers. A hook runs before the chart's ServiceAccount is there. */}}
{{- define "interpares.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $own := index $values.services .service -}}
{{- if not (and (eq .component "migrate") $values.migrations.useHelmHooks $values.serviceAccount.create) }}
serviceAccountName: {{ include "interpares.serviceAccountName" $root }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- include "interpares.podSecurity" $root | nindent 2 }}
{{- include "interpares.scheduling" $root }}
volumes:
  - name: tmp
    emptyDir: { sizeLimit: 256Mi }
  - name: secrets
    projected:
      defaultMode: 0440
      sources:
        {{- range $file, $ref := fromYaml (include "interpares.secretRefs" .) }}
        - secret:
            name: {{ $ref.secret }}
            items: [{ key: {{ $ref.key }}, path: {{ $file }} }]
        {{- end }}
  {{- with $values.customCA }}
  {{- if .existingConfigMap }}
  - name: ca
    configMap:
      name: {{ .existingConfigMap }}
      items: [{ key: {{ .key }}, path: ca.crt }]
  {{- end }}
  {{- end }}
  {{- with ($own.files).existingClaim }}
  - name: files
    persistentVolumeClaim: { claimName: {{ . }} }
  {{- end }}
  {{- with ($own.erasureLedger).existingClaim }}
  - name: ledger
    persistentVolumeClaim: { claimName: {{ . }} }
  {{- end }}
  {{- with $values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}
