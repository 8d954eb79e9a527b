{{/* Names, labels, images. Every helper that is about one service takes (dict "root" $ "service" name). */}}

{{- define "interpares.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "interpares.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .service }}
interpares/service: {{ . }}
{{- end }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "interpares.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{ include "interpares.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: interpares
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end -}}

{{- define "interpares.image" -}}
{{- $image := (index .root.Values.services .service).image -}}
{{- $registry := .root.Values.global.imageRegistry -}}
{{- $repository := ternary $image.repository (printf "%s/%s" $registry $image.repository) (empty $registry) -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .root.Chart.AppVersion .root.Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "interpares.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "interpares.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The component that answers HTTP: with the small profile it is the one that does everything. */}}
{{- define "interpares.components" -}}
{{- if eq .Values.profile "small" -}}api{{- else -}}api worker{{- end -}}
{{- end -}}

{{/* What holds for one component of one service, as YAML: the shared block with what the service says over it. */}}
{{- define "interpares.component" -}}
{{- $shared := deepCopy (index .root.Values .component) -}}
{{- $own := deepCopy (index (index .root.Values.services .service) .component) -}}
{{- $merged := mergeOverwrite $shared $own -}}
{{- if eq .root.Values.profile "small" -}}
{{- $_ := set $merged "replicas" 1 -}}
{{- if hasKey $merged "autoscaling" }}{{ $_ := set $merged.autoscaling "enabled" false }}{{ end -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end -}}

{{/* Against a cluster, refuse what cannot start; offline everything renders, so that one can look at it. */}}
{{- define "interpares.check" -}}
{{- $missing := list -}}
{{- range $name := list "issuer" "jwksUrl" "tokenUrl" -}}
{{- if not (index $.Values.oidc $name) }}{{ $missing = append $missing (printf "oidc.%s" $name) }}{{ end -}}
{{- end -}}
{{- if and $missing (lookup "v1" "ConfigMap" .Release.Namespace "kube-root-ca.crt") -}}
{{- fail (printf "%s: missing; the issuer's /.well-known/openid-configuration says them" (join ", " $missing)) -}}
{{- end -}}
{{- end -}}
