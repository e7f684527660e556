"""May a version be published? Its examples say."""
