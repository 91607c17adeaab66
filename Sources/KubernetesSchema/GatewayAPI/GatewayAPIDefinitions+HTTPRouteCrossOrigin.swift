extension GatewayAPIDefinitions {
  /// What browsers are told that ask whether they may call from another origin.
  static let httpRouteCORS = #"""
    cors:
      description: >-
        Answers to browsers that ask whether they may call from another origin.
      type: object
      properties:
        allowCredentials:
          description: Whether browsers may send cookies and credentials.
          type: boolean
        allowHeaders:
          description: Request headers that browsers may send.
          type: array
          maxItems: 64
          x-kubernetes-list-type: set
          x-kubernetes-validations:
            - message: AllowHeaders cannot contain '*' alongside other methods
              rule: '!(''*'' in self && self.size() > 1)'
          items:
            type: string
            minLength: 1
            maxLength: 256
            pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
        allowMethods:
          description: Methods that browsers may use.
          type: array
          maxItems: 9
          x-kubernetes-list-type: set
          x-kubernetes-validations:
            - message: AllowMethods cannot contain '*' alongside other methods
              rule: '!(''*'' in self && self.size() > 1)'
          items:
            type: string
            enum: [GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH, '*']
        allowOrigins:
          description: Origins that browsers may call from.
          type: array
          maxItems: 64
          x-kubernetes-list-type: set
          x-kubernetes-validations:
            - message: AllowOrigins cannot contain '*' alongside other origins
              rule: '!(''*'' in self && self.size() > 1)'
          items:
            type: string
            minLength: 1
            maxLength: 253
            pattern: '(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)'
        exposeHeaders:
          description: Response headers that scripts may read.
          type: array
          maxItems: 64
          x-kubernetes-list-type: set
          items:
            type: string
            minLength: 1
            maxLength: 256
            pattern: '^[A-Za-z0-9!#$%&''*+\-.^_\x60|~]+$'
        maxAge:
          description: Seconds for which browsers may keep the answer.
          type: integer
          format: int32
          default: 5
          minimum: 1
    """#
}
