extension GatewayAPIDefinitions {
  /// A redirect as the answer.
  static let httpRouteRedirect = #"""
    requestRedirect:
      description: Answers with a redirect.
      type: object
      properties:
        hostname:
          description: The host name of the redirect; the request's when left out.
          type: string
          minLength: 1
          maxLength: 253
          pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
        path:
          description: Changes to the path of the redirect.
          type: object
          required: [type]
          x-kubernetes-validations: &pathRules
            - message: >-
                replaceFullPath must be specified when type is set to
                'ReplaceFullPath'
              rule: >-
                self.type == 'ReplaceFullPath' ? has(self.replaceFullPath) : true
            - message: type must be 'ReplaceFullPath' when replaceFullPath is set
              rule: >-
                has(self.replaceFullPath) ? self.type == 'ReplaceFullPath' : true
            - message: >-
                replacePrefixMatch must be specified when type is set to
                'ReplacePrefixMatch'
              rule: >-
                self.type == 'ReplacePrefixMatch' ? has(self.replacePrefixMatch) :
                true
            - message: type must be 'ReplacePrefixMatch' when replacePrefixMatch is set
              rule: >-
                has(self.replacePrefixMatch) ? self.type == 'ReplacePrefixMatch' :
                true
          properties: &pathFields
            replaceFullPath:
              description: What the whole path becomes.
              type: string
              maxLength: 1024
            replacePrefixMatch:
              description: What the part of the path that matched becomes.
              type: string
              maxLength: 1024
            type:
              description: ReplaceFullPath or ReplacePrefixMatch.
              type: string
              enum: [ReplaceFullPath, ReplacePrefixMatch]
        port:
          description: The port of the redirect; the scheme's own when left out.
          type: integer
          format: int32
          minimum: 1
          maximum: 65535
        scheme:
          description: The scheme of the redirect.
          type: string
          enum: [http, https]
        statusCode:
          description: The status of the redirect.
          type: integer
          default: 302
          enum: [301, 302, 303, 307, 308]
    """#

  /// Changes to host and path before a request goes on; a path is given as for a redirect.
  static let httpRouteRewrite = #"""
    urlRewrite:
      description: Changes to host and path before the request goes on.
      type: object
      properties:
        hostname:
          description: The Host header that the backend sees.
          type: string
          minLength: 1
          maxLength: 253
          pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
        path:
          description: Changes to the path.
          type: object
          required: [type]
          x-kubernetes-validations: *pathRules
          properties: *pathFields
    """#
}
