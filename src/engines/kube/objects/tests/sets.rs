//! Manifests of our own that changes are planted into.

/// Name and text of every set.
pub(super) const SETS: &[(&str, &str)] = &[
    (
        "deployment",
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web, helm.sh/chart: web-1.2.3, app.kubernetes.io/version: \"1.0.0\"}
  annotations: {owner: team-a}
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web, tier: front}
      annotations:
        checksum/config: 4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce
        note: one
    spec:
      serviceAccountName: web
      terminationGracePeriodSeconds: 60
      nodeSelector: {disk: ssd}
      tolerations:
      - {key: a, operator: Exists}
      - {key: b, operator: Exists}
      securityContext: {runAsNonRoot: true}
      initContainers:
      - name: migrate
        image: web/migrate:1.4.0
      - name: warm
        image: web/warm:1.4.0
      containers:
      - name: app
        image: web/app:1.4.2
        imagePullPolicy: IfNotPresent
        command: [serve]
        args: [--log=info, --port=80]
        env:
        - {name: HOST, value: db}
        - {name: URL, value: 'http://$(HOST)/'}
        - {name: MODE, value: fast}
        - {name: DB_PASSWORD, value: one}
        ports:
        - {name: http, containerPort: 8080}
        - {name: metrics, containerPort: 9090}
        resources:
          requests: {cpu: 500m, memory: 256Mi}
          limits: {cpu: \"1\", memory: 1Gi}
        livenessProbe:
          httpGet: {path: /live, port: http}
          periodSeconds: 20
        readinessProbe:
          httpGet: {path: /ready, port: http}
        securityContext:
          readOnlyRootFilesystem: true
          capabilities: {drop: [ALL]}
        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: conf, mountPath: /conf}
      - name: side
        image: web/side@sha256:aaaa
      volumes:
      - name: data
        emptyDir: {}
      - name: conf
        configMap: {name: conf}
",
    ),
    (
        "statefulset",
        "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - {name: db, image: postgres:15.2}
  volumeClaimTemplates:
  - metadata: {name: data, labels: {helm.sh/chart: db-1.0.0}}
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: fast
      resources: {requests: {storage: 10Gi}}
",
    ),
    (
        "daemonset",
        "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  updateStrategy: {type: RollingUpdate}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - {name: agent, image: 'agent:2.0.0'}
",
    ),
    (
        "job",
        "apiVersion: batch/v1
kind: Job
metadata: {name: init}
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: init, image: 'init:1.0.0'}
",
    ),
    (
        "cronjob",
        "apiVersion: batch/v1
kind: CronJob
metadata: {name: clean}
spec:
  schedule: '0 1 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: clean, image: 'clean:1.0.0', args: [--all]}
",
    ),
    (
        "service",
        "apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: ClusterIP
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: 8080}
  - {name: metrics, port: 9090, targetPort: 9090}
",
    ),
    (
        "ingress",
        "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: nginx
  rules:
  - host: a.example.org
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: web, port: {number: 80}}}
  tls:
  - hosts: [a.example.org]
    secretName: tls-a
",
    ),
    (
        "networkpolicy",
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: front}}
    - podSelector: {matchLabels: {app: proxy}}
    ports:
    - {port: 80}
",
    ),
    (
        "role",
        "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: web}
rules:
- apiGroups: ['']
  resources: [pods, services]
  verbs: [get, list]
",
    ),
    (
        "clusterrole",
        "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: web}
rules:
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list]
- apiGroups: ['']
  resources: [configmaps]
  verbs: [get]
",
    ),
    (
        "binding",
        "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: web}
subjects:
- {kind: ServiceAccount, name: web, namespace: ns}
",
    ),
    (
        "configmap",
        "apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data:
  mode: fast
  app.yaml: |
    db:
      pool: 10
      hosts: [a, b]
  app.json: '{\"level\": \"info\", \"size\": 1}'
  app.toml: |
    [server]
    port = 80
  app.properties: |
    a.b=1
    c=2
  run.sh: |
    #!/bin/sh
    echo one
    echo two
",
    ),
    (
        "secret",
        "apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {token: abc, user: me}
",
    ),
    (
        "pvc",
        "apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: fast
  resources: {requests: {storage: 10Gi}}
",
    ),
    (
        "hpa",
        "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
",
    ),
    (
        "pdb",
        "apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: 'app:1.0.0'}]
",
    ),
    (
        "webhook",
        "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: web}
webhooks:
- name: a.example.org
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
  clientConfig: {caBundle: YWJj, service: {name: web, namespace: ns, path: /v}}
  rules:
  - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}
",
    ),
    (
        "crd",
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, description: How large.}
              kind: {type: string, enum: [a, b]}
              rules:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [role]
                items:
                  type: object
                  properties: {role: {type: string}, level: {type: integer}}
  - name: v1beta1
    served: true
    storage: false
    schema: {openAPIV3Schema: {type: object}}
---
apiVersion: example.org/v1
kind: Thing
metadata: {name: one}
spec:
  size: 3
  image: thing:1.0.0
  interval: 60s
  rules:
  - {role: x, level: 1}
  - {role: y, level: 2}
  steps: [first, second]
",
    ),
    (
        "storageclass",
        "apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: disk.example.org
parameters: {type: ssd}
",
    ),
    (
        "route",
        "apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: gw}]
  hostnames: [a.example.org]
  rules:
  - backendRefs: [{name: web, port: 80}]
",
    ),
    (
        "serviceaccount",
        "apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
automountServiceAccountToken: false
",
    ),
];

/// The text of a set.
pub(super) fn set(name: &str) -> &'static str {
    SETS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).unwrap()
}
